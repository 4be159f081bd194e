//! CMYK to sRGB: through the profile in the file, or else by plain arithmetic.

use super::{CmykTransform, Colours, Warning, contained};

/// The way from inks to sRGB.
pub(super) struct Inks {
    transform: Option<CmykTransform>,
}

impl Inks {
    /// The way by `profile`, or by plain arithmetic where there is none that can be used, which is a warning.
    pub(super) fn new(profile: Option<&Colours<'_>>, warnings: &mut Vec<Warning>) -> Self {
        let transform = match profile {
            Some(Colours::Icc(profile)) => contained(|| CmykTransform::new(profile)).ok().and_then(Result::ok),
            _ => None,
        };
        if transform.is_none() {
            warnings.push(if profile.is_some() { Warning::ProfileIgnored } else { Warning::CmykWithoutProfile });
        }
        Self { transform }
    }

    /// RGB of `inks`, four samples a pixel, 255 being full.
    pub(super) fn convert(&self, inks: &[u8], rgb: &mut [u8]) {
        if self.transform.as_ref().is_none_or(|transform| transform.apply(inks, rgb).is_err()) {
            inks.chunks_exact(4).zip(rgb.chunks_exact_mut(3)).for_each(|(inks, rgb)| naive(inks, rgb));
        }
    }
}

/// What is left of white behind the ink and behind black: what Pillow and browsers do without a profile.
pub(super) fn naive(inks: &[u8], rgb: &mut [u8]) {
    let [inks @ .., black] = inks else { return };
    let left = u32::from(255 - black);
    for (sample, ink) in rgb.iter_mut().zip(inks) {
        *sample = u8::try_from((u32::from(255 - ink) * left + 127) / 255).unwrap_or(u8::MAX);
    }
}

/// Three inks from luma and chroma, in place; black is stored as it is.
pub(super) fn cmyk_from_ycck(pixel: &mut [u8]) {
    if let [y, cb, cr, _] = pixel {
        [*y, *cb, *cr] = rgb_from_ycc(*y, *cb, *cr).map(|sample| 255 - sample);
    }
}

/// RGB from luma and chroma, as JPEG and TIFF have it.
pub(super) fn rgb_from_ycc(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (luma, blue, red) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    let rgb = [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 first")]
    rgb.map(|sample| sample.round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_profile_ink_takes_light_away() {
        for (inks, expected) in [
            ([0, 0, 0, 0], [255, 255, 255]),
            ([255, 0, 0, 0], [0, 255, 255]),
            ([0, 0, 0, 255], [0, 0, 0]),
            ([0, 128, 255, 128], [127, 63, 0]),
        ] {
            let mut rgb = [0; 3];
            naive(&inks, &mut rgb);
            assert_eq!(rgb, expected, "{inks:?}");
        }
    }

    #[test]
    fn luma_and_chroma_become_inks_and_black_stays() {
        for (mut pixel, expected) in
            [([255, 128, 128, 9], [0, 0, 0, 9]), ([0, 128, 128, 8], [255, 255, 255, 8]), ([76, 85, 255, 7], [1, 255, 255, 7])]
        {
            let given = pixel;
            cmyk_from_ycck(&mut pixel);
            assert!(pixel.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 1), "{given:?}: {pixel:?}");
        }
    }
}
