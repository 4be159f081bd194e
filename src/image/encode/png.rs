//! PNG (ISO/IEC 15948, third edition), in the smallest form that holds the same pixels, compressed by `libdeflater`.
//!
//! Forms and filters are tried on some rows of the image; all of it is then compressed in the one that was best.

mod filter;
mod form;

use libdeflater::{CompressionLvl, Compressor, crc32};

use self::form::Form;
use super::super::{Format, ImageError, Pixels};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Bytes before filtering that forms and filters are tried on.
const SAMPLE: usize = 64 << 10;
/// Parts of the image that they come from.
const BANDS: usize = 4;

/// Level for trials: a fast one is enough to compare by.
const TRIAL_LEVEL: i32 = 2;
/// Level at which photos become no larger than at zlib's default.
const LEVEL: i32 = 6;
/// Level for images of few bytes before filtering, and for those that become less than a [`SMALL`]th, which are compressed quickly.
const FINE_LEVEL: i32 = 7;
const FEW_BYTES: usize = 1 << 20;
const SMALL: usize = 20;

/// The longest chunk (ISO/IEC 15948, 5.3).
const LONGEST_CHUNK: usize = i32::MAX as usize;

/// A file of 8 bits a sample or fewer; of black and white alone, 1 bit where that is asked for, else 2.
pub(super) fn encode(pixels: &Pixels, profile: Option<&[u8]>, is_bilevel: bool) -> Result<Vec<u8>, ImageError> {
    let forms = form::candidates(pixels, profile.is_some(), if is_bilevel { 1 } else { 2 });
    let (form, data) = smallest(&forms)?;

    let mut file = SIGNATURE.to_vec();
    let mut header = Vec::new();
    header.extend(pixels.size().width.to_be_bytes());
    header.extend(pixels.size().height.to_be_bytes());
    header.extend([form.bit_depth, form.color_type, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header)?;
    if let Some(profile) = profile {
        chunk(&mut file, *b"iCCP", &[b"ICC profile\0\0", compressed(profile, LEVEL)?.as_slice()].concat())?;
    }
    if !form.palette.is_empty() {
        let colors: Vec<u8> = form.palette.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]).collect();
        chunk(&mut file, *b"PLTE", &colors)?;
        let alpha: Vec<u8> = form.palette.iter().map(|&[.., alpha]| alpha).take_while(|&alpha| alpha != u8::MAX).collect();
        if !alpha.is_empty() {
            chunk(&mut file, *b"tRNS", &alpha)?;
        }
    }
    for part in data.chunks(LONGEST_CHUNK) {
        chunk(&mut file, *b"IDAT", part)?;
    }
    chunk(&mut file, *b"IEND", &[])?;
    Ok(file)
}

/// The form, and its compressed data, that make the smallest file.
///
/// Some rows say which form and filters are best. Where these become very small, they say too little: everything that came near is tried on all rows.
fn smallest<'a>(forms: &'a [Form<'_>]) -> Result<(&'a Form<'a>, Vec<u8>), ImageError> {
    let widest = forms.iter().max_by_key(|form| form.row_bytes());
    let bands = widest.map(|form| bands(form.height(), form.row_bytes())).unwrap_or_default();
    let mut trials = Vec::new();
    for form in forms {
        for &strategy in form.strategies() {
            let sample: Vec<u8> = bands.iter().flat_map(|rows| filter::filtered(form, strategy, rows.clone())).collect();
            let size = compressed(&sample, TRIAL_LEVEL)?.len() + form.palette_bytes();
            trials.push((size, sample.len(), form, strategy));
        }
    }
    trials.sort_by_key(|&(size, ..)| size);
    let Some(&(best, sampled, ..)) = trials.first() else { return Err(failed("it has no form")) };
    let is_small = best * SMALL < sampled;
    if is_small {
        trials.retain(|&(size, ..)| size * 2 < best * 3);
    } else {
        trials.truncate(1);
    }

    let mut smallest: Option<(&Form<'_>, Vec<u8>)> = None;
    for (_, _, form, strategy) in trials {
        let level = if is_small || form.row_bytes() * form.height() <= FEW_BYTES { FINE_LEVEL } else { LEVEL };
        let data = compressed(&filter::filtered(form, strategy, 0..form.height()), level)?;
        let size = |form: &Form<'_>, data: &[u8]| data.len() + form.palette_bytes();
        if smallest.as_ref().is_none_or(|(other, others)| size(form, &data) < size(other, others)) {
            smallest = Some((form, data));
        }
    }
    smallest.ok_or_else(|| failed("it has no form"))
}

/// The rows that stand for an image of this height: all of them, or some in each of several places.
fn bands(height: usize, row_bytes: usize) -> Vec<std::ops::Range<usize>> {
    let rows = SAMPLE / row_bytes.max(1) / BANDS;
    if rows * BANDS >= height {
        return std::iter::once(0..height).collect();
    }
    let rows = rows.clamp(1, height);
    let starts = (0..BANDS).map(|band| (height - rows) * (2 * band + 1) / (2 * BANDS));
    starts.map(|start| start..start + rows).collect()
}

fn compressed(data: &[u8], level: i32) -> Result<Vec<u8>, ImageError> {
    let level = CompressionLvl::new(level).map_err(|_| failed("libdeflate has no such level"))?;
    let mut compressor = Compressor::new(level);
    let mut output = vec![0; compressor.zlib_compress_bound(data.len())];
    let length = compressor.zlib_compress(data, &mut output).map_err(|_| failed("libdeflate ran out of space"))?;
    output.truncate(length);
    Ok(output)
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> Result<(), ImageError> {
    let length = u32::try_from(data.len()).map_err(|_| failed("a chunk is too long"))?;
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(data);
    let checksum = crc32(file.get(start..).unwrap_or_default());
    file.extend(checksum.to_be_bytes());
    Ok(())
}

fn failed(reason: &str) -> ImageError {
    ImageError::Encode { format: Format::Png, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_lie_within_the_image() {
        for height in [1, 2, 7, 100, 5000] {
            for row_bytes in [1, 300, 20_000, 1_000_000] {
                let bands = bands(height, row_bytes);
                assert!(!bands.is_empty() && bands.len() <= BANDS);
                assert!(bands.iter().all(|band| band.start < band.end && band.end <= height), "{height} rows of {row_bytes}: {bands:?}");
                assert!(bands.windows(2).all(|pair| pair[0].start <= pair[1].start));
            }
        }
    }
}
