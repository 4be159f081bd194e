//! HEIC by `heifer`, in safe Rust: photographs of telephones, grids and alpha included.

use heifer::{Error, Options};

use super::{Channels, Format, ImageError, Info, Limits, Picture, Pixels, Size, whole::Whole};

/// Decodes the primary picture, cropped and upright.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let options = Options { max_threads: 1, max_pixels: limits.max_pixels };
    let image = heifer::decode_rgba8(bytes, &options).map_err(|failure| error(&failure))?;
    let size = Size::new(image.width, image.height);
    if size != info.stored_size {
        let reason = format!("found a picture of {size} pixels, expected {}", info.stored_size);
        return Err(ImageError::Damaged { format: Format::Heic, reason });
    }
    let pixels = if image.has_alpha {
        Pixels::new(size, Channels::Rgba, image.data)
    } else {
        Pixels::new(size, Channels::Rgb, without_alpha(image.data))
    };
    Ok(Whole::boxed(pixels?, Vec::new()))
}

/// Three samples of every four, moved together in place.
fn without_alpha(mut data: Vec<u8>) -> Vec<u8> {
    let pixels = data.len() / 4;
    for pixel in 1..pixels {
        data.copy_within(pixel * 4..pixel * 4 + 3, pixel * 3);
    }
    data.truncate(pixels * 3);
    data
}

fn error(error: &Error) -> ImageError {
    let format = Format::Heic;
    match error {
        Error::Unsupported(reason) => ImageError::Unsupported { format, reason: reason.clone() },
        other => ImageError::Damaged { format, reason: other.to_string() },
    }
}
