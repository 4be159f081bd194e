//! HEIC by `heifer`, in safe Rust: photographs of telephones, grids and alpha included.

use heifer::{Error, Options};

use super::{Channels, Format, ImageError, Info, Limits, Picture, Pixels, Size, whole::Whole, without_alpha};

/// Decodes the primary picture, cropped and upright.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let options = Options { max_threads: 1, max_pixels: limits.max_pixels };
    let image = heifer::decode_rgba8(bytes, &options).map_err(|failure| error(&failure))?;
    let size = Size::new(image.width, image.height);
    if size != info.stored_size {
        let reason = format!("found a picture of {size} pixels, expected {}", info.stored_size);
        return Err(ImageError::Damaged { format: Format::Heic, reason });
    }
    let pixels = Pixels::new(size, Channels::Rgba, image.data)?;
    Ok(Whole::boxed(if image.has_alpha { pixels } else { without_alpha(pixels)? }, Vec::new()))
}

fn error(error: &Error) -> ImageError {
    let format = Format::Heic;
    match error {
        Error::Unsupported(reason) => ImageError::Unsupported { format, reason: reason.clone() },
        other => ImageError::Damaged { format, reason: other.to_string() },
    }
}
