//! HEIC by `heifer`, in safe Rust: photographs of telephones, the tiles of whose grids are decoded side by side, and alpha.

use std::num::NonZeroUsize;

use heifer::{Error, Options};

use super::{Channels, Decode, Format, ImageError, Info, Limits, Picture, Pixels, Size, three_of_four, whole::Whole};

/// Decodes the primary picture, cropped and upright.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let options = Options { max_threads: options.threads.map_or(1, NonZeroUsize::get), max_pixels: limits.max_pixels };
    let image = heifer::decode_rgba8(bytes, &options).map_err(|failure| error(&failure))?;
    let size = Size::new(image.width, image.height);
    if size != info.stored_size {
        let reason = format!("found a picture of {size} pixels, expected {}", info.stored_size);
        return Err(ImageError::Damaged { format: Format::Heic, reason });
    }
    let pixels = if image.has_alpha {
        Pixels::new(size, Channels::Rgba, image.data)
    } else {
        Pixels::new(size, Channels::Rgb, three_of_four(image.data))
    };
    Ok(Whole::boxed(pixels?, Vec::new()))
}

fn error(error: &Error) -> ImageError {
    let format = Format::Heic;
    match error {
        Error::Unsupported(reason) => ImageError::Unsupported { format, reason: reason.clone() },
        other => ImageError::Damaged { format, reason: other.to_string() },
    }
}
