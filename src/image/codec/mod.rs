//! The decoders, one format a file.
//!
//! Each format has a header reader of our own (`header.rs`: no third-party code, no allocation that the file decides) and a decoder, which names the
//! crate that does the work. What panics in such a crate is caught, and becomes an error of that one picture.

mod avif;
mod gif;
mod guarded;
mod heic;
mod heif;
mod jpeg;
pub(super) mod png;
pub(super) mod webp;
mod whole;

use super::{
    Channels, Decode, Format, ImageError, Info, Limits, Orientation, Pixels, Rows, Scale, Size, Truncated, Warning, bytes,
    colour::{CmykTransform, ColourTransform, Colours},
    exif,
    guard::{self, contained},
    icc,
};
use guarded::Guarded;

/// A picture that is being decoded.
trait Picture: Rows {
    /// What was noticed and passed over so far; complete once all rows are read.
    fn warnings(&self) -> Vec<Warning>;

    /// Whether the decoder has brought the colours into sRGB already.
    fn is_srgb(&self) -> bool {
        false
    }
}

/// Whether a HEIF container holds AV1; none if there is no telling.
pub(super) fn heif_is_av1(bytes: &[u8]) -> Option<bool> {
    contained(|| heif::is_av1(bytes)).ok().flatten()
}

/// What the header of a file says.
///
/// # Errors
/// [`ImageError::Damaged`], [`ImageError::Truncated`] or [`ImageError::Unsupported`].
pub(super) fn header(format: Format, bytes: &[u8]) -> Result<Info, ImageError> {
    let mut info = contained(|| match format {
        Format::Jpeg => jpeg::header::info(bytes),
        Format::Png => png::header::info(bytes),
        Format::Gif => gif::header::info(bytes),
        Format::WebP => webp::header::info(bytes),
        Format::Heic | Format::Avif => heif::info(format, bytes),
    })
    .map_err(|reason| ImageError::CodecPanicked { format, reason })??;
    if info.stored_size.is_empty() {
        return Err(ImageError::Damaged { format, reason: format!("found a picture of {} pixels", info.stored_size) });
    }
    info.profile = contained(|| colours(format, bytes)).ok().flatten().and_then(|colours| colours.name());
    Ok(info)
}

/// What the file says about its colours, if anything.
fn colours(format: Format, bytes: &[u8]) -> Option<Colours<'_>> {
    match format {
        Format::Jpeg => jpeg::header::colours(bytes),
        Format::Png => png::colours(bytes),
        Format::Gif => None,
        Format::WebP => webp::header::colours(bytes),
        Format::Heic | Format::Avif => heif::colours(format, bytes),
    }
}

/// Opens the decoder of a picture whose header was read and held against the limits.
///
/// # Errors
/// Whatever the decoder finds; a panic of its is [`ImageError::CodecPanicked`], here and in every row.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Guarded<'a>, ImageError> {
    Guarded::open(info.format, || match info.format {
        Format::Jpeg => jpeg::open(bytes, info, options),
        Format::Png => png::open(bytes, info, options),
        Format::Gif => gif::open(bytes, info, options, limits),
        Format::WebP => webp::open(bytes, info, options),
        Format::Heic => heic::open(bytes, info, limits),
        Format::Avif if cfg!(feature = "fast-avif") && safe_decoders_only() => Err(ImageError::Unsupported {
            format: Format::Avif,
            reason: "COG_KIT_SAFE_DECODERS is set, and its decoder is in assembly".to_owned(),
        }),
        Format::Avif => avif::open(bytes, limits),
    })
}

/// What is left to do to the decoded samples to bring them into sRGB, and what was noticed while decoding; asked once all rows are read.
pub(super) fn finish(bytes: &[u8], picture: &Guarded<'_>) -> (Option<ColourTransform>, Vec<Warning>) {
    let mut warnings = picture.picture.warnings();
    let colours = if picture.picture.is_srgb() { Ok(None) } else { contained(|| colours(picture.format, bytes)) };
    let Ok(Some(colours)) = colours else { return (None, warnings) };
    let channels = picture.channels();
    match contained(|| ColourTransform::new(&colours, channels)) {
        Ok(Ok(transform)) => {
            if transform.as_ref().is_some_and(ColourTransform::is_tone_map) {
                warnings.push(Warning::ToneMapped);
            }
            (transform, warnings)
        }
        Ok(Err(_)) | Err(_) => {
            warnings.push(Warning::ProfileIgnored);
            (None, warnings)
        }
    }
}

/// Whether the environment asks for decoders in safe Rust alone, with `COG_KIT_SAFE_DECODERS=1`.
fn safe_decoders_only() -> bool {
    std::env::var_os("COG_KIT_SAFE_DECODERS").is_some_and(|value| value != "0" && !value.is_empty())
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
