//! L\*a\*b\* to sRGB.
//!
//! # Source
//! CIE 15 for L\*a\*b\*, whose white is D50 as in ICC profiles; IEC 61966-2-1 for sRGB; the matrix is that of sRGB with white adapted to D50 (Bradford).

/// How the three samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lab {
    /// TIFF 6.0, section 23: a\* and b\* are signed.
    Cie,
    /// ICC profile format, as in "TIFF Technical Note 4": a\* and b\* have an offset of 128.
    Icc,
    /// ITU-T T.42 with its default ranges.
    Itu,
}

impl Lab {
    /// sRGB of three samples of 8 bits, or of 16 if they are `wide`.
    pub(super) fn to_srgb(self, samples: [u16; 3], wide: bool) -> [u8; 3] {
        let full = if wide { 65_535.0 } else { 255.0 };
        // Units of a* and b* for each step of a stored sample.
        let step = if wide { 1.0 / 256.0 } else { 1.0 };
        let [l, a, b] = samples.map(f32::from);
        let signed = |value: f32| if value > full / 2.0 { value - full - 1.0 } else { value };
        match self {
            Self::Cie => srgb(l * 100.0 / full, signed(a) * step, signed(b) * step),
            Self::Icc => {
                let white = if wide { 65_280.0 } else { 255.0 };
                srgb(l * 100.0 / white, a * step - 128.0, b * step - 128.0)
            }
            Self::Itu => srgb(l * 100.0 / full, a / full * 170.0 - 85.0, b / full * 200.0 - 75.0),
        }
    }
}

fn srgb(l: f32, a: f32, b: f32) -> [u8; 3] {
    // X, Y and Z of white, D50.
    const WHITE: [f32; 3] = [0.964_22, 1.0, 0.825_21];
    const MATRIX: [[f32; 3]; 3] =
        [[3.133_856, -1.616_867, -0.490_615], [-0.978_768, 1.916_142, 0.033_454], [0.071_945, -0.228_991, 1.405_243]];
    let fy = (l + 16.0) / 116.0;
    let inverse = |f: f32| if f > 6.0 / 29.0 { f * f * f } else { (f - 4.0 / 29.0) * 108.0 / 841.0 };
    let xyz = [fy + a / 500.0, fy, fy - b / 200.0].map(inverse);
    MATRIX.map(|row| {
        let light: f32 = row.iter().zip(xyz).zip(WHITE).map(|((weight, value), white)| weight * value * white).sum();
        let code = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 first")]
        {
            (code * 255.0).round().clamp(0.0, 255.0) as u8
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grays_and_primaries_are_those_of_srgb() {
        // L*a*b* of sRGB red with a white of D50 is 54.29, 80.81, 69.89; of blue 29.57, 68.30, -112.03.
        for (lab, samples, wide, expected) in [
            (Lab::Cie, [255, 0, 0], false, [255, 255, 255]),
            (Lab::Cie, [0, 0, 0], false, [0, 0, 0]),
            (Lab::Cie, [138, 81, 70], false, [255, 0, 0]),
            (Lab::Cie, [75, 68, 144], false, [0, 0, 255]),
            (Lab::Cie, [35_579, 20_687, 17_892], true, [255, 0, 0]),
            (Lab::Icc, [138, 209, 198], false, [255, 0, 0]),
            (Lab::Icc, [65_280, 32_768, 32_768], true, [255, 255, 255]),
            (Lab::Itu, [138, 249, 185], false, [255, 0, 0]),
        ] {
            let found = lab.to_srgb(samples, wide);
            assert!(found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 4), "{lab:?} {samples:?}: {found:?}");
        }
    }
}
