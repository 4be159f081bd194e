//! CMYK to sRGB: through the profile in the file, or else by plain arithmetic.

use super::{
    super::{Channels, CmykTransform, Colours, Format, ImageError, Info, Pixels, Warning, buffer, contained},
    header,
};

/// Pixels converted at a time.
const CHUNK: usize = 4096;

/// The picture in sRGB; `inks` are four samples a pixel, as stored.
pub(super) fn rgb_from_inks(bytes: &[u8], info: &Info, mut inks: Vec<u8>, warnings: &mut Vec<Warning>) -> Result<Pixels, ImageError> {
    if header::is_adobe(bytes) {
        inks.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    let profile = header::colours(bytes);
    let transform = match &profile {
        Some(Colours::Icc(profile)) => contained(|| CmykTransform::new(profile)).ok().and_then(Result::ok),
        _ => None,
    };
    if transform.is_none() {
        warnings.push(if profile.is_some() { Warning::ProfileIgnored } else { Warning::CmykWithoutProfile });
    }
    let mut rgb = buffer(Format::Jpeg, info.stored_size.pixels() * 3, 0)?;
    for (from, to) in inks.chunks(CHUNK * 4).zip(rgb.chunks_mut(CHUNK * 3)) {
        if transform.as_ref().is_none_or(|transform| transform.apply(from, to).is_err()) {
            from.chunks_exact(4).zip(to.chunks_exact_mut(3)).for_each(|(inks, rgb)| naive(inks, rgb));
        }
    }
    Pixels::new(info.stored_size, Channels::Rgb, rgb)
}

/// What is left of white behind the ink and behind black: what Pillow and browsers do without a profile.
fn naive(inks: &[u8], rgb: &mut [u8]) {
    let [inks @ .., black] = inks else { return };
    let left = u32::from(255 - black);
    for (sample, ink) in rgb.iter_mut().zip(inks) {
        *sample = u8::try_from((u32::from(255 - ink) * left + 127) / 255).unwrap_or(u8::MAX);
    }
}

/// Three inks from luma and chroma, in place; black is stored as it is.
pub(super) fn cmyk_from_ycck(pixel: &mut [u8]) {
    let [first, second, third, _] = pixel else { return };
    let (luma, blue, red) = (f32::from(*first), f32::from(*second) - 128.0, f32::from(*third) - 128.0);
    let rgb = [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 first")]
    let inks = rgb.map(|sample| 255 - sample.round().clamp(0.0, 255.0) as u8);
    [*first, *second, *third] = inks;
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
