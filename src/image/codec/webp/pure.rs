//! Lossless and animated WebP by `image-webp`, in safe Rust.

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::super::{Channels, Decode, Format, ImageError, Info, Picture, Pixels, Size, Truncated, Warning, buffer, missing, whole::Whole};

/// Decodes the picture, or the first frame of an animation on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|failure| error(&failure))?;
    let channels = if decoder.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let (width, height) = decoder.dimensions();
    if info.stored_size != Size::new(width, height) {
        let reason = format!("found a picture of {width}x{height} pixels, expected {}", info.stored_size);
        return Err(ImageError::Damaged { format: Format::WebP, reason });
    }
    let length = info.stored_size.pixels() * channels.count() as u64;
    let mut data = buffer(Format::WebP, length, 0)?;
    let mut warnings = Vec::new();
    match decoder.read_image(&mut data).map_err(|failure| error(&failure)) {
        Ok(()) => {}
        Err(ImageError::Truncated { .. }) if options.truncated == Truncated::Keep => {
            // What was decoded is not yet in its final form, so nothing of it can be shown.
            data.fill(missing(channels));
            warnings.push(Warning::Truncated);
        }
        Err(failure) => return Err(failure),
    }
    Ok(Whole::boxed(Pixels::new(info.stored_size, channels, data)?, warnings))
}

fn error(error: &DecodingError) -> ImageError {
    match error {
        DecodingError::IoError(failure) if failure.kind() == std::io::ErrorKind::UnexpectedEof => {
            ImageError::Truncated { format: Format::WebP, reason: "the data ends early".to_owned() }
        }
        other => ImageError::Damaged { format: Format::WebP, reason: other.to_string() },
    }
}
