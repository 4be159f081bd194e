//! JPEG: a fast way for ordinary files that are decoded in planes, and a general decoder for everything else.

mod baseline;
mod faults;
mod general;
pub(super) mod header;
mod restart;
mod scaling;
#[cfg(feature = "fast-jpeg")]
mod turbo;

use std::num::NonZeroUsize;

use super::{Attempt, Decode, Format, ImageError, Info, Picture, Planes, Warning};

/// Decodes the main image.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    header::check_scans(bytes)?;
    #[cfg(feature = "fast-jpeg")]
    if !super::safe_decoders_only()
        && let Some(picture) = turbo::open(bytes, info, options)
    {
        return Ok(picture);
    }
    general::open(bytes, info, options)
}

/// Hands the image to `work` in planes, shrunk to no less than the scale that is asked for, if it has planes of luma and chroma.
pub(super) fn with_planes<T>(
    bytes: &[u8],
    info: &Info,
    options: &Decode,
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> Result<T, ImageError>,
) -> Attempt<(T, Vec<Warning>)> {
    let work = |planes: &mut dyn Planes| {
        let result = work(planes)?;
        Ok((result, planes.warnings()))
    };
    if let Some(frame) = baseline::frame(bytes, info) {
        return baseline::with_planes(&frame, bytes.len(), options, threads, work).into();
    }
    match header::check_scans(bytes).and_then(|()| general::planes(bytes, info, options)) {
        Ok(Some(mut planes)) => work(&mut planes).into(),
        Ok(None) => Attempt::Unsupported,
        Err(failure) => Attempt::Failed(failure),
    }
}

/// Bytes that rows take beside the file.
pub(super) fn rows_memory(bytes: &[u8], info: &Info) -> u64 {
    // Files whose headers cannot be read are refused before anything is allocated.
    general::memory(bytes, info).map_or(0, |(coefficients, samples)| coefficients.saturating_add(samples))
}

/// Bytes that planes take beside the file, with this many threads.
pub(super) fn planes_memory(bytes: &[u8], info: &Info, threads: usize) -> u64 {
    let width = u64::from(info.stored_size.width);
    // Six strips wait for each thread but the first; a strip is 16 rows, with coefficients of two bytes and samples of one for each of three colors.
    let strips = (1 + 6 * threads.saturating_sub(1).min(7) as u64).saturating_mul(width * 16 * 9);
    let coefficients = if header::is_in_one_scan(bytes) { 0 } else { rows_memory(bytes, info) };
    strips.saturating_add(coefficients)
}

/// A JPEG image inside of another file.
pub(super) struct Part {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) samples: usize,
    pub(super) data: Vec<u8>,
}

/// Decodes a JPEG image inside of another file, whose tables may stand elsewhere. Colors are left as they are stored.
///
/// # Errors
/// Whatever is wrong with the data; nothing is concealed.
pub(super) fn decode_part(bytes: &[u8], tables: Option<&[u8]>) -> Result<Part, ImageError> {
    // Both have a start marker, and the tables an end marker of their own.
    let joined = tables.and_then(|tables| Some([tables.get(..tables.len().checked_sub(2)?)?, bytes.get(2..)?].concat()));
    let bytes = joined.as_deref().unwrap_or(bytes);
    header::check_scans(bytes)?;
    let info = header::info(bytes)?;
    if info.stored_size.is_empty() {
        return Err(damaged(&format!("found an image of {} pixels", info.stored_size)));
    }
    let (data, samples) = general::part(bytes, &info)?;
    let size = info.stored_size;
    Ok(Part { width: size.width as usize, height: size.height as usize, samples, data })
}

fn damaged(reason: &str) -> ImageError {
    ImageError::Damaged { format: Format::Jpeg, reason: reason.to_owned() }
}
