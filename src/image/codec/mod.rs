//! The decoders, one format a file.
//!
//! Each format has a header reader of our own (`header.rs`: no third-party code, no allocation that the file decides) and a decoder, which names the
//! crate that does the work. What panics in such a crate is caught by `guard` and becomes an error of that one picture.

mod gif;
mod guard;
mod jpeg;
pub(super) mod png;
pub(super) mod webp;
mod whole;

use super::{Channels, Decode, Format, ImageError, Info, Limits, Orientation, Pixels, Rows, Size, Truncated, Warning, bytes, exif};

/// A picture that is being decoded.
trait Picture: Rows {
    /// What was noticed and passed over so far; complete once all rows are read.
    fn warnings(&self) -> Vec<Warning>;
}

/// What the header of a file says.
///
/// # Errors
/// [`ImageError::Damaged`], [`ImageError::Truncated`] or [`ImageError::Unsupported`].
pub(super) fn header(format: Format, bytes: &[u8]) -> Result<Info, ImageError> {
    let info = match format {
        Format::Jpeg => jpeg::header::info(bytes),
        Format::Png => png::header::info(bytes),
        Format::Gif => gif::header::info(bytes),
        Format::WebP => webp::header::info(bytes),
    }?;
    if info.stored_size.is_empty() {
        return Err(ImageError::Damaged { format, reason: format!("found a picture of {} pixels", info.stored_size) });
    }
    Ok(info)
}

/// Opens the decoder of a picture whose header was read and held against the limits.
///
/// # Errors
/// Whatever the decoder finds; a panic of its is [`ImageError::CodecPanicked`], here and in every row.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<guard::Guarded<'a>, ImageError> {
    guard::Guarded::open(info.format, || match info.format {
        Format::Jpeg => jpeg::open(bytes, info, options),
        Format::Png => png::open(bytes, info, options),
        Format::Gif => gif::open(bytes, info, options, limits),
        Format::WebP => webp::open(bytes, info, options),
    })
}

/// A buffer of `length` equal bytes, or an error where the machine has no room for it.
fn buffer(format: Format, length: u64, fill: u8) -> Result<Vec<u8>, ImageError> {
    let too_large = || ImageError::Unsupported { format, reason: format!("no memory for {length} bytes of pixels") };
    let length = usize::try_from(length).map_err(|_| too_large())?;
    if fill == 0 {
        // Zeroed memory comes from the system for free; it cannot be reserved first.
        return Ok(vec![0; length]);
    }
    let mut data = Vec::new();
    data.try_reserve_exact(length).map_err(|_| too_large())?;
    data.resize(length, fill);
    Ok(data)
}

/// The sample that missing rows are filled with: grey, or transparent where there is alpha.
const fn missing(channels: Channels) -> u8 {
    if channels.has_alpha() { 0 } else { 128 }
}
