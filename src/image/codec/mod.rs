//! The decoders, one format a file.
//!
//! Each format has a header reader of our own (`header.rs`: no third-party code, no allocation that the file decides) and a decoder, which names the
//! crate that does the work. What panics in such a crate is caught, and becomes an error of that one picture.

pub(super) mod attempt;
mod avif;
mod bmp;
mod canvas;
mod cmyk;
mod gif;
mod guarded;
mod heic;
mod heif;
mod jpeg;
mod memory;
mod player;
pub(super) mod png;
mod tiff;
mod timed;
pub(super) mod webp;
mod whole;

use std::{borrow::Cow, num::NonZeroUsize};

use super::{
    Channels, Decode, Decoded, Format, ImageError, Info, Levels, Limits, Orientation, Pixels, PlaneLayout, Planes, Rows, Scale, Size,
    Source, Truncated, Warning, bytes,
    colour::{CmykTransform, ColourTransform, Colours, WideTransform, narrowed},
    exif,
    guard::{self, contained},
    icc,
    limits::Deadline,
    pixels::buffer,
    xmp,
};
pub(super) use attempt::Attempt;
use guarded::Guarded;
use player::{GuardedPlayer, Player};
use timed::TimedPlanes;

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
        Format::Tiff => tiff::info(bytes).map(|info| Info { orientation: tiff_orientation(bytes, info.orientation), ..info }),
        Format::Bmp => bmp::info(bytes),
        Format::Ico => bmp::ico::info(bytes),
        Format::Samples => Err(no_file(format)),
    })
    .map_err(|reason| ImageError::CodecPanicked { format, reason })??;
    if info.stored_size.is_empty() {
        return Err(ImageError::Damaged { format, reason: format!("found a picture of {} pixels", info.stored_size) });
    }
    info.profile = contained(|| colours(format, bytes)).ok().flatten().and_then(|colours| colours.name());
    Ok(info)
}

/// The orientation of a TIFF file: that of its tag, `found`, or where it has none that of its XMP packet.
fn tiff_orientation(bytes: &[u8], found: Orientation) -> Orientation {
    if exif::orientation(bytes).is_some() {
        return found;
    }
    exif::xmp_packet(bytes).and_then(xmp::orientation).unwrap_or(found)
}

/// What the file says about its colours, if anything.
fn colours(format: Format, bytes: &[u8]) -> Option<Colours<'_>> {
    match format {
        Format::Jpeg => jpeg::header::colours(bytes),
        Format::Png => png::colours(bytes),
        Format::Gif | Format::Ico => None,
        Format::Tiff => tiff::colours(bytes),
        Format::Bmp => bmp::colours(bytes),
        Format::WebP => webp::header::colours(bytes),
        Format::Heic | Format::Avif => heif::colours(format, bytes),
        Format::Samples => None,
    }
}

/// The colour profile in the file, if it has one.
pub(super) fn profile(format: Format, bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    match contained(|| colours(format, bytes)) {
        Ok(Some(Colours::Icc(profile))) => Some(profile),
        _ => None,
    }
}

/// Opens the decoder of a picture whose header was read and held against the limits.
///
/// # Errors
/// [`ImageError::TooMuchMemory`] before anything is allocated; whatever the decoder finds; a panic of its is [`ImageError::CodecPanicked`], here and in every row.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Guarded<'a>, ImageError> {
    let need = contained(|| memory::rows(bytes, info)).map_err(|reason| ImageError::CodecPanicked { format: info.format, reason })?;
    limits.check_memory(info.format, need.saturating_add(options.beside))?;
    attempt::count();
    Guarded::open(info.format, options.deadline, || match info.format {
        Format::Jpeg => jpeg::open(bytes, info, options),
        Format::Png => png::open(bytes, info, options),
        Format::Gif => gif::open(bytes, info, options, limits),
        Format::WebP => webp::open(bytes, info, options),
        Format::Heic => heic::open(bytes, info, options, limits),
        Format::Tiff => tiff::open(bytes, options),
        Format::Bmp => bmp::open(bytes, options),
        Format::Ico => bmp::ico::open(bytes, info, options),
        Format::Avif => avif::open(bytes, options, limits),
        Format::Samples => Err(no_file(info.format)),
    })
}

/// Hands an image to `sink` in planes, if there is a decoder that does so for this kind of file. Errors, panics and timeouts of that decoder end the decode.
pub(super) fn planes<T>(
    source: &Source<'_>,
    options: &Decode,
    threads: NonZeroUsize,
    sink: impl FnOnce(&mut dyn Planes) -> Result<T, ImageError>,
) -> Attempt<(T, Decoded)> {
    let (bytes, info, deadline) = (source.bytes(), source.info(), options.deadline);
    if !matches!(info.format, Format::Jpeg | Format::WebP) {
        return Attempt::Unsupported;
    }
    let need = match contained(|| memory::planes(bytes, info, threads.get())) {
        Ok(need) => need.saturating_add(options.beside),
        Err(reason) => return Attempt::Failed(ImageError::CodecPanicked { format: info.format, reason }),
    };
    if source.limits().check_memory(info.format, need).is_err() {
        // Rows are held against the limit as well, and may take less.
        return Attempt::Unsupported;
    }
    let mut channels = Channels::Rgb;
    let work = |planes: &mut dyn Planes| {
        attempt::count();
        if planes.layouts().len() == 1 {
            channels = Channels::Luma;
        }
        let result = sink(&mut TimedPlanes { planes, format: info.format, deadline })?;
        deadline.check(info.format)?;
        Ok(result)
    };
    let attempt = contained(|| match info.format {
        Format::Jpeg => jpeg::with_planes(bytes, info, options, threads, work),
        _ => webp::with_planes(bytes, info, options.truncated, threads, work),
    });
    match attempt {
        Ok(Attempt::Ready((result, mut warnings))) => {
            let colour = colour(bytes, info.format, channels, &mut warnings);
            Attempt::Ready((result, Decoded { warnings, colour }))
        }
        Ok(Attempt::Unsupported) => Attempt::Unsupported,
        Ok(Attempt::Failed(failure)) => Attempt::Failed(failure),
        Err(reason) => Attempt::Failed(ImageError::CodecPanicked { format: info.format, reason }),
    }
}

fn no_file(format: Format) -> ImageError {
    ImageError::Unsupported { format, reason: "they are no file".to_owned() }
}

/// Opens the decoder of an animation.
///
/// # Errors
/// Those of [`open`].
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<GuardedPlayer<'a>, ImageError> {
    let format = info.format;
    let need = contained(|| memory::frames(bytes, info)).map_err(|reason| ImageError::CodecPanicked { format, reason })?;
    limits.check_memory(format, need.saturating_add(options.beside))?;
    attempt::count();
    GuardedPlayer::open(format, options.deadline, || match format {
        Format::Gif => gif::play(bytes, info, options, limits),
        Format::Png => png::play(bytes, info, options),
        Format::WebP => webp::play(bytes, info, options),
        Format::Avif => avif::play(bytes, limits),
        _ => Err(ImageError::Unsupported { format, reason: "its animations are not supported".to_owned() }),
    })
}

/// What is left to do to the decoded samples to bring them into sRGB, and what was noticed while decoding; asked once all rows are read.
pub(super) fn finish(bytes: &[u8], picture: &Guarded<'_>) -> (Option<ColourTransform>, Vec<Warning>) {
    let mut warnings = picture.picture.warnings();
    let colour = if picture.picture.is_srgb() { None } else { colour(bytes, picture.format, picture.channels(), &mut warnings) };
    (colour, warnings)
}

/// What is left to do to the decoded samples of an animation to bring them into sRGB, and what was noticed.
pub(super) fn finish_frames(bytes: &[u8], player: &GuardedPlayer<'_>) -> (Option<ColourTransform>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let channels = player.canvas().map_or(Channels::Rgba, |canvas| canvas.channels());
    (colour(bytes, player.format, channels, &mut warnings), warnings)
}

fn colour(bytes: &[u8], format: Format, channels: Channels, warnings: &mut Vec<Warning>) -> Option<ColourTransform> {
    let colours = contained(|| colours(format, bytes)).ok().flatten()?;
    match contained(|| ColourTransform::new(&colours, channels)) {
        Ok(Ok(transform)) => {
            if transform.as_ref().is_some_and(ColourTransform::is_tone_map) {
                warnings.push(Warning::ToneMapped);
            }
            transform
        }
        Ok(Err(_)) | Err(_) => {
            warnings.push(Warning::ProfileIgnored);
            None
        }
    }
}

/// Whether the environment asks for decoders in safe Rust alone, with `COG_KIT_SAFE_DECODERS=1`.
fn safe_decoders_only() -> bool {
    std::env::var_os("COG_KIT_SAFE_DECODERS").is_some_and(|value| value != "0" && !value.is_empty())
}

/// The sample that missing rows are filled with: grey, or transparent where there is alpha.
const fn missing(channels: Channels) -> u8 {
    if channels.has_alpha() { 0 } else { 128 }
}

/// A sample of colour that was multiplied by alpha, as it was before.
fn unmultiplied(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u32::from(colour), u32::from(alpha));
    (colour * 255 + alpha / 2).checked_div(alpha).map_or(0, |straight| u8::try_from(straight).unwrap_or(u8::MAX))
}

/// Three samples of every four, moved together in place.
fn three_of_four(mut data: Vec<u8>) -> Vec<u8> {
    let count = data.len() / 4;
    for pixel in 1..count {
        let Some(&colour) = data.get(pixel * 4..).and_then(<[u8]>::first_chunk::<3>) else { break };
        if let Some(target) = data.get_mut(pixel * 3..).and_then(<[u8]>::first_chunk_mut) {
            *target = colour;
        }
    }
    data.truncate(count * 3);
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_left_out_in_place() {
        assert_eq!(three_of_four(vec![1, 2, 3, 9, 4, 5, 6, 9, 7, 8, 9, 9]), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(three_of_four(Vec::new()).is_empty());
    }
}
