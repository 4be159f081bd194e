//! High dynamic range brought down to that of a screen: PQ and HLG to sRGB.

use std::sync::Arc;

use super::Channels;

const PQ: u8 = 16;
const HLG: u8 = 18;

/// Luminance of white in a picture without high dynamic range, in cd/m² (ITU-R BT.2408).
const WHITE: f32 = 203.0;
/// Luminance that becomes full white, in cd/m²: what HDR content is usually graded for.
const PEAK: f32 = 1000.0;
/// Entries of the table back to sRGB.
const STEPS: usize = 4096;

/// Whether a curve of ITU-T H.273 is one of high dynamic range.
pub(super) const fn is_wide(transfer: u8) -> bool {
    matches!(transfer, PQ | HLG)
}

/// Tables from code values to sRGB.
///
/// # Source
/// Curves of ITU-R BT.2100; tone curve of Reinhard et al. 2002 with a white point, on the brightest channel, so that hues stay.
pub(super) struct ToneMap {
    /// Linear light of a code value from 0 to 1.
    curve: fn(f32) -> f32,
    /// Linear light of a code value, 1.0 being white.
    linear: [f32; 256],
    /// The primaries to those of sRGB.
    matrix: [[f32; 3]; 3],
    /// Linear light from 0 to 1 to sRGB.
    encode: Vec<u8>,
}

impl ToneMap {
    /// The tables for code points of ITU-T H.273; none if the curve is not one of high dynamic range.
    pub(super) fn new(primaries: u8, transfer: u8) -> Option<Self> {
        let curve: fn(f32) -> f32 = match transfer {
            PQ => pq,
            HLG => hlg,
            _ => return None,
        };
        let matrix = match primaries {
            9 => [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
            11 | 12 => [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]],
            _ => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        };
        let mut linear = [0.0; 256];
        for (code, entry) in (0u8..=255).zip(&mut linear) {
            *entry = curve(f32::from(code) / 255.0);
        }
        let encode = (0u16..).take(STEPS).map(|step| to_u8(srgb(f32::from(step) / (STEPS - 1) as f32))).collect();
        Some(Self { curve, linear, matrix, encode })
    }

    /// Converts packed pixels; alpha is left alone.
    pub(super) fn apply(&self, pixels: &mut [u8], channels: Channels) {
        match channels {
            Channels::Luma | Channels::LumaAlpha => {
                for pixel in pixels.chunks_exact_mut(channels.count()) {
                    if let Some(grey) = pixel.first_mut() {
                        *grey = self.grey(self.light(*grey));
                    }
                }
            }
            Channels::Rgb | Channels::Rgba => {
                for pixel in pixels.chunks_exact_mut(channels.count()) {
                    let [r, g, b, ..] = pixel else { continue };
                    [*r, *g, *b] = self.rgb([*r, *g, *b].map(|code| self.light(code)));
                }
            }
        }
    }

    fn grey(&self, light: f32) -> u8 {
        self.code(light * scale(light))
    }

    fn rgb(&self, light: [f32; 3]) -> [u8; 3] {
        let mapped = self.matrix.map(|row| row.iter().zip(light).map(|(weight, light)| weight * light).sum::<f32>());
        let scale = scale(mapped.into_iter().fold(0.0, f32::max));
        mapped.map(|light| self.code(light * scale))
    }

    fn light(&self, code: u8) -> f32 {
        self.linear.get(usize::from(code)).copied().unwrap_or_default()
    }

    fn code(&self, light: f32) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 first")]
        let step = (light.clamp(0.0, 1.0) * (STEPS - 1) as f32).round() as usize;
        self.encode.get(step).copied().unwrap_or(u8::MAX)
    }
}

/// The same for 16-bit samples, which have a finer table of light.
pub(super) struct WideToneMap {
    map: Arc<ToneMap>,
    linear: Vec<f32>,
}

impl WideToneMap {
    /// The tables that belong to those for 8-bit samples.
    pub(super) fn new(map: Arc<ToneMap>) -> Self {
        let linear = (0..=u16::MAX).map(|code| (map.curve)(f32::from(code) / 65_535.0)).collect();
        Self { map, linear }
    }

    /// Converts packed 16-bit samples to 8-bit ones; of alpha, nothing is written.
    pub(super) fn apply(&self, wide: &[u16], narrow: &mut [u8], channels: Channels) {
        let light = |code: u16| self.linear.get(usize::from(code)).copied().unwrap_or_default();
        for (pixel, wide) in narrow.chunks_exact_mut(channels.count()).zip(wide.chunks_exact(channels.count())) {
            match (pixel, wide) {
                ([r, g, b, ..], &[red, green, blue, ..]) => [*r, *g, *b] = self.map.rgb([red, green, blue].map(light)),
                ([grey, ..], &[wide, ..]) => *grey = self.map.grey(light(wide)),
                _ => {}
            }
        }
    }
}

/// By how much light is scaled so that the peak becomes 1.
fn scale(light: f32) -> f32 {
    const WHITEST: f32 = PEAK / WHITE;
    if light <= 0.0 {
        return 1.0;
    }
    (1.0 + light / (WHITEST * WHITEST)) / (1.0 + light)
}

/// Light of a PQ code value, 1.0 being white.
fn pq(code: f32) -> f32 {
    const M1: f32 = 2610.0 / 16384.0;
    const M2: f32 = 2523.0 / 4096.0 * 128.0;
    const C1: f32 = 3424.0 / 4096.0;
    const C2: f32 = 2413.0 / 4096.0 * 32.0;
    const C3: f32 = 2392.0 / 4096.0 * 32.0;
    let power = code.powf(1.0 / M2);
    10_000.0 * ((power - C1).max(0.0) / (C2 - C3 * power)).powf(1.0 / M1) / WHITE
}

/// Light of an HLG code value on a screen of the peak above, 1.0 being white.
fn hlg(code: f32) -> f32 {
    const A: f32 = 0.178_832_77;
    const B: f32 = 1.0 - 4.0 * A;
    const C: f32 = 0.559_910_7;
    let scene = if code <= 0.5 { code * code / 3.0 } else { (((code - C) / A).exp() + B) / 12.0 };
    // The screen's own curve has exponent 1.2 at this peak.
    PEAK * scene.powf(1.2) / WHITE
}

fn srgb(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 first")]
fn to_u8(value: f32) -> u8 {
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_stays_black_the_peak_is_white_and_between_it_rises() {
        for transfer in [PQ, HLG] {
            let map = ToneMap::new(9, transfer).unwrap();
            let greys: Vec<u8> = (0..=255)
                .map(|code| {
                    let mut pixel = [code; 3];
                    map.apply(&mut pixel, Channels::Rgb);
                    assert!(pixel.iter().all(|&sample| sample.abs_diff(pixel[0]) <= 1), "grey stays grey: {pixel:?}");
                    pixel[1]
                })
                .collect();
            assert_eq!((greys[0], greys[255]), (0, 255), "{transfer}");
            assert!(greys.windows(2).all(|pair| pair[0] <= pair[1]), "{transfer}: {greys:?}");
        }
    }

    #[test]
    fn the_curves_meet_published_values() {
        // ITU-R BT.2408: 203 cd/m² is 58 % of PQ and 75 % of HLG.
        assert!((pq(0.58) - 1.0).abs() < 0.03, "{}", pq(0.58));
        assert!((hlg(0.75) - 1.0).abs() < 0.03, "{}", hlg(0.75));
    }

    #[test]
    fn other_curves_need_no_tone_map() {
        assert!([1, 2, 6, 8, 13].into_iter().all(|transfer| ToneMap::new(9, transfer).is_none()));
    }
}
