//! AVIF by `ravif`.

use ravif::{Encoder, Img};

use super::super::{Format, ImageError, Pixels, alpha::to_rgba};

/// The encoder's fastest setting: the next one takes three to ten times as long for files a sixth smaller.
const SPEED: u8 = 10;

/// A lossy AVIF file, 4:4:4, with alpha where `pixels` have it.
pub(super) fn encode(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, ImageError> {
    let failed = |reason: String| ImageError::Encode { format: Format::Avif, reason };
    // The encoder's own scale starts at 1.
    let quality = f32::from(quality.max(1));
    let encoder = Encoder::new().with_speed(SPEED).with_quality(quality).with_alpha_quality(quality).with_num_threads(Some(1));
    let (width, height) = (pixels.size().width as usize, pixels.size().height as usize);
    let rgba = to_rgba(pixels.clone())?;
    let pixels: Vec<_> = rgba.as_bytes().as_chunks::<4>().0.iter().map(|&[r, g, b, a]| ravif::RGBA8::new(r, g, b, a)).collect();
    let file = encoder.encode_rgba(Img::new(pixels.as_slice(), width, height)).map_err(|error| failed(error.to_string()))?;
    Ok(file.avif_file)
}
