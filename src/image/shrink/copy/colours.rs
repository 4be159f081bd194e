//! Luma and chroma of BT.601 as RGB, in whole numbers: the same ones on every processor.

#[cfg(target_arch = "x86_64")]
mod avx2;

#[cfg(target_arch = "x86_64")]
use super::super::super::simd::V3;

/// Pixels that are worked out together.
pub(in super::super::super) const TILE: usize = 32;

/// What chroma weighs in each colour: fractions of 4096.
const RED_OF_RED: i16 = 5743;
const GREEN_OF_BLUE: i16 = -1410;
const GREEN_OF_RED: i16 = -2925;
const BLUE_OF_BLUE: i16 = 7258;

/// Chroma's middle, sixteen times as bright.
const MIDDLE: i16 = 128 << 4;

/// The pixels of a line; chroma is sixteen times as bright. There are TILE samples of each for every tile of `line`.
pub(in super::super::super) fn rgb(luma: &[u8], [blue, red]: [&[i16]; 2], line: &mut [[u8; TILE * 3]]) {
    let (luma, blue, red) = (luma.as_chunks().0, blue.as_chunks().0, red.as_chunks().0);
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = V3::try_new() {
        return simd.vectorize(avx2::Line { simd, luma, blue, red, line });
    }
    for (((luma, blue), red), tile) in luma.iter().zip(blue).zip(red).zip(line) {
        *tile = self::tile(luma, blue, red);
    }
}

fn tile(luma: &[u8; TILE], blue: &[i16; TILE], red: &[i16; TILE]) -> [u8; TILE * 3] {
    let mut tile = [0; TILE * 3];
    for (((pixel, &luma), blue), red) in tile.as_chunks_mut::<3>().0.iter_mut().zip(luma).zip(blue).zip(red) {
        let (luma, blue, red) = (i16::from(luma) << 4, (blue - MIDDLE) << 3, (red - MIDDLE) << 3);
        *pixel = [
            sample(luma + part(red, RED_OF_RED)),
            sample(luma + part(blue, GREEN_OF_BLUE) + part(red, GREEN_OF_RED)),
            sample(luma + part(blue, BLUE_OF_BLUE)),
        ];
    }
    tile
}

/// A product in fractions of 2¹⁵, rounded.
fn part(chroma: i16, weight: i16) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "no weight is as much as one")]
    let part = ((i32::from(chroma) * i32::from(weight) + (1 << 14)) >> 15) as i16;
    part
}

/// A sixteenth, rounded and cut off to 0-255.
fn sample(sum: i16) -> u8 {
    u8::try_from(((sum + 8) >> 4).clamp(0, 255)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> impl Iterator<Item = ([u8; TILE], [i16; TILE], [i16; TILE])> {
        (0..=255).flat_map(|blue: i16| {
            (0..=255).step_by(5).map(move |red: i16| {
                let luma = std::array::from_fn(|at| (at * 8 + blue as usize % 8) as u8);
                (luma, [blue * 16 + red % 16; TILE].map(|sample| sample.min(4080)), [red * 16; TILE])
            })
        })
    }

    #[test]
    fn colours_are_those_of_the_standard_but_for_rounding() {
        for (luma, blue, red) in samples() {
            let (cb, cr) = (f64::from(blue[0]) / 16.0 - 128.0, f64::from(red[0]) / 16.0 - 128.0);
            for (pixel, luma) in tile(&luma, &blue, &red).as_chunks::<3>().0.iter().zip(luma) {
                let y = f64::from(luma);
                let exact = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
                for (&found, exact) in pixel.iter().zip(exact) {
                    assert!((f64::from(found) - exact.clamp(0.0, 255.0)).abs() < 0.6, "Y {y}, Cb {cb}, Cr {cr}: {found}, expected {exact}");
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn vectors_come_to_the_same_colours() {
        let Some(simd) = V3::try_new() else { return eprintln!("skipped: this processor has no AVX2") };
        for (luma, blue, red) in samples() {
            let mut line = [[0; TILE * 3]];
            simd.vectorize(avx2::Line { simd, luma: &[luma], blue: &[blue], red: &[red], line: &mut line });
            assert_eq!(line[0], tile(&luma, &blue, &red));
        }
    }
}
