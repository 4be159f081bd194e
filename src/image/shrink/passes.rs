//! The loops over samples, in whole numbers, so that every processor comes to the same ones.

#[cfg(target_arch = "x86_64")]
mod avx2;

#[cfg(target_arch = "x86_64")]
use super::super::simd::V3;
use super::super::{planes::Levels, simd::widest};
use super::weights::{ONE_BITS, Taps};
use super::window::Window;

/// Rows of the result that are worked on together: a vector of them for each column.
pub(super) const ROWS: usize = 8;

/// Columns that are summed up together.
pub(super) const TILE: usize = 32;

/// Two columns of eight rows, side by side: what the vertical pass has made of them, with [`FRACTION_BITS`] behind the point.
pub(super) type Columns = [[i16; 2]; ROWS];

/// The bits behind the point of a column's samples, which leave room for what rings above 255 and below 0.
const FRACTION_BITS: u32 = 6;

/// What the sums of the vertical pass are shifted by.
const SHIFT: u32 = ONE_BITS - FRACTION_BITS;

/// What the sums of the horizontal pass are to be multiplied by.
const SCALE: f32 = 1.0 / (1 << (ONE_BITS + FRACTION_BITS)) as f32;

/// The vertical pass: rows from `top` on of the result, as far as there are such, for the columns of the source from `left` on, which is even; TILE columns for
/// each of `tiles`.
pub(super) fn down(window: &Window, left: usize, taps: &Taps, top: usize, tiles: &mut [[Columns; TILE / 2]]) {
    let rows: [Lines<'_>; ROWS] = std::array::from_fn(|row| Lines::new(window, taps.of(top + row)));
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = V3::try_new() {
        return simd.vectorize(avx2::Down { simd, rows, left, stride: window.stride, tiles });
    }
    for (tile, left) in tiles.iter_mut().zip((left..).step_by(TILE)) {
        *tile = self::tile(&rows, left, window.stride);
    }
}

/// The lines of the source that a row of the result is made of, and the weights of each two.
struct Lines<'a> {
    bytes: &'a [u8],
    pairs: &'a [[i16; 2]],
}

impl<'a> Lines<'a> {
    fn new(window: &'a Window, (first, pairs): (usize, &'a [[i16; 2]])) -> Self {
        Self { bytes: if pairs.is_empty() { &[] } else { window.rows_from(first) }, pairs }
    }

    /// The samples from `at` on of a line and of the next. Behind the last one, which weighs nothing, it is there again.
    #[inline(always)]
    fn two(&self, at: usize, stride: usize) -> Option<([u8; TILE], [u8; TILE])> {
        let first = *self.bytes.get(at..)?.first_chunk()?;
        let second = self.bytes.get(at + stride..).and_then(|rest| rest.first_chunk());
        Some((first, second.copied().unwrap_or(first)))
    }
}

/// TILE columns of eight rows, from `left` on.
fn tile(rows: &[Lines<'_>; ROWS], left: usize, stride: usize) -> [Columns; TILE / 2] {
    let mut tile = [Columns::default(); TILE / 2];
    for (row, lines) in rows.iter().enumerate() {
        let mut sums = [0; TILE];
        for (&[a, b], at) in lines.pairs.iter().zip((left..).step_by(stride * 2)) {
            let Some((first, second)) = lines.two(at, stride) else { break };
            for ((sum, first), second) in sums.iter_mut().zip(first).zip(second) {
                *sum += i32::from(first) * i32::from(a) + i32::from(second) * i32::from(b);
            }
        }
        let (sums, _) = sums.as_chunks::<2>();
        for (columns, sums) in tile.iter_mut().zip(sums) {
            columns[row] = sums.map(|sum| {
                let sample = (sum + (1 << (SHIFT - 1))) >> SHIFT;
                i16::try_from(sample).unwrap_or(if sample < 0 { i16::MIN } else { i16::MAX })
            });
        }
    }
    tile
}

/// The horizontal pass: `columns` are those of the source from `left` on, which is even.
pub(super) fn across(columns: &[Columns], left: usize, taps: &Taps, strip: &mut [[f32; ROWS]]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = V3::try_new() {
        return simd.vectorize(avx2::Across { simd, columns, left, taps, strip });
    }
    for (pixel, target) in strip.iter_mut().enumerate() {
        let (first, pairs) = taps.of(pixel);
        *target = sums(columns.get((first - left) / 2..).unwrap_or_default(), pairs).map(scaled);
    }
}

/// The weighted sums of eight rows.
fn sums(columns: &[Columns], pairs: &[[i16; 2]]) -> [i32; ROWS] {
    let mut sums = [0; ROWS];
    for (column, &[a, b]) in columns.iter().zip(pairs) {
        for (sum, &[first, second]) in sums.iter_mut().zip(column) {
            *sum += i32::from(first) * i32::from(a) + i32::from(second) * i32::from(b);
        }
    }
    sums
}

#[inline(always)]
fn scaled(sum: i32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "rounded to the precision of the work")]
    let sum = sum as f32;
    sum * SCALE
}

/// Luma and chroma of BT.601 as RGB: rows of the result, eight or less.
pub(super) fn rgb(planes: [&[[f32; ROWS]]; 3], levels: Levels, target: &mut [u8]) {
    let [luma, blue, red] = planes;
    let (black, luma_gain, chroma_gain) = match levels {
        Levels::Full => (0.0, 1.0, 1.0),
        Levels::Limited => (16.0, 255.0 / 219.0, 255.0 / 224.0),
    };
    let row_bytes = luma.len() * 3;
    widest(
        #[inline(always)]
        || {
            for (pixel, ((y, cb), cr)) in luma.iter().zip(blue).zip(red).enumerate() {
                let mut samples = [[0; ROWS]; 3];
                for row in 0..ROWS {
                    let (y, cb, cr) = ((y[row] - black) * luma_gain, (cb[row] - 128.0) * chroma_gain, (cr[row] - 128.0) * chroma_gain);
                    samples[0][row] = sample(y + 1.402 * cr);
                    samples[1][row] = sample(y - 0.344_136_3 * cb - 0.714_136_3 * cr);
                    samples[2][row] = sample(y + 1.772 * cb);
                }
                for (row, line) in target.chunks_exact_mut(row_bytes).enumerate().take(ROWS) {
                    if let Some(target) = line.get_mut(pixel * 3..).and_then(|rest| rest.first_chunk_mut::<3>()) {
                        *target = [samples[0][row], samples[1][row], samples[2][row]];
                    }
                }
            }
        },
    );
}

/// Luma alone: rows of the result, eight or less.
pub(super) fn grey(luma: &[[f32; ROWS]], target: &mut [u8]) {
    for (row, line) in target.chunks_exact_mut(luma.len()).enumerate() {
        for (target, luma) in line.iter_mut().zip(luma) {
            *target = luma.get(row).map_or(0, |&luma| sample(luma));
        }
    }
}

/// Rounded and cut off to 0-255.
#[inline(always)]
fn sample(value: f32) -> u8 {
    // Added to this, the integral part of a number is in its lowest bits.
    const WHOLE: f32 = 8_388_608.0;
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are wanted")]
    let sample = (value.clamp(0.0, 255.0) + WHOLE).to_bits() as u8;
    sample
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::super::{super::Filter, weights::Weights};
    use super::*;

    #[test]
    fn vectors_come_to_the_same_sums() {
        let Some(simd) = V3::try_new() else { return eprintln!("skipped: this processor has no AVX2") };
        let stride = 70;
        let bytes: Vec<u8> = (0..stride * 40 + 10).map(|at| (at * at / 7 % 256) as u8).collect();
        for (filter, output) in [(Filter::Lanczos3, 9), (Filter::Box, 40), (Filter::CatmullRom, 31)] {
            let taps = Weights::new(0.0, 40.0, output, 40, filter).taps(true);
            for top in 0..output as usize {
                // Some of these rows, and the last bytes of some, are not there.
                let rows =
                    || std::array::from_fn(|row| taps.of(top + row)).map(|(first, pairs)| Lines { bytes: &bytes[first * stride..], pairs });
                let mut tiles = [[Columns::default(); TILE / 2]; 2];
                simd.vectorize(avx2::Down { simd, rows: rows(), left: 6, stride, tiles: &mut tiles });
                let expected = [tile(&rows(), 6, stride), tile(&rows(), 6 + TILE, stride)];
                assert_eq!(tiles, expected, "{filter:?}, row {top}");
                let mut strip = vec![[0.0; ROWS]; output as usize];
                simd.vectorize(avx2::Across { simd, columns: tiles.as_flattened(), left: 0, taps: &taps, strip: &mut strip });
                let sums: Vec<_> = (0..output as usize)
                    .map(|pixel| {
                        let (first, pairs) = taps.of(pixel);
                        sums(&tiles.as_flattened()[first / 2..], pairs).map(scaled)
                    })
                    .collect();
                assert_eq!(strip, sums, "{filter:?}, row {top}");
            }
        }
    }
}
