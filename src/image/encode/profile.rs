//! An ICC profile must speak of the colors that a file holds.

use std::borrow::Cow;

use super::super::colour::{ProfileColors, profile_colors};
use super::super::{Channels, ImageError, Pixels};
use super::EncodeFormat;

/// Pixels as they are to be written with a profile: gray ones as RGB if it is for RGB.
pub(super) fn fitted<'a>(pixels: &'a Pixels, profile: &[u8], format: EncodeFormat) -> Result<Cow<'a, Pixels>, ImageError> {
    let refused = |expected| Err(ImageError::UnfitProfile { found: "a profile for gray".to_owned(), expected });
    let is_gray = matches!(pixels.channels(), Channels::Luma | Channels::LumaAlpha);
    match profile_colors(profile)? {
        ProfileColors::Rgb if is_gray => in_color(pixels).map(Cow::Owned),
        ProfileColors::Rgb => Ok(Cow::Borrowed(pixels)),
        ProfileColors::Gray if format == EncodeFormat::WebP => refused("one for RGB, which is all that WebP holds"),
        ProfileColors::Gray if is_gray => Ok(Cow::Borrowed(pixels)),
        ProfileColors::Gray => refused("one for RGB, as the pixels are"),
    }
}

/// Gray pixels as red, green and blue that are equal.
fn in_color(pixels: &Pixels) -> Result<Pixels, ImageError> {
    let samples = pixels.as_bytes();
    let (channels, data) = match pixels.channels() {
        Channels::Luma => (Channels::Rgb, samples.iter().flat_map(|&gray| [gray; 3]).collect()),
        Channels::LumaAlpha => {
            (Channels::Rgba, samples.as_chunks::<2>().0.iter().flat_map(|&[gray, alpha]| [gray, gray, gray, alpha]).collect())
        }
        channels => (channels, samples.to_vec()),
    };
    Pixels::new(pixels.size(), channels, data)
}
