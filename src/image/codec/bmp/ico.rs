//! ICO and CUR: the largest of the pictures inside, which is a PNG file or a bitmap with a mask.

use super::{
    super::{
        Decode, Format, ImageError, Info, Picture, Size,
        bytes::{len_le, slice, u8_at, u16_le},
        png,
    },
    Alpha, BitmapRows, Dib, Faults, depth, has_alpha,
};

const ENTRY: usize = 16;
const DIRECTORY: usize = 6;
const PNG: &[u8] = b"\x89PNG";
/// The type of a cursor, in the place where an icon has 1.
const CURSOR: u16 = 2;

/// What the header of the largest picture says.
pub(in super::super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let payload = largest(bytes)?;
    if payload.starts_with(PNG) {
        return Ok(Info { format: Format::Ico, frames: 1, ..png::header::info(payload)? });
    }
    let dib = parse(payload)?;
    Ok(Info { has_alpha: true, bit_depth: depth(&dib), ..Info::new(Format::Ico, dib.size) })
}

/// The file of the largest picture, if it is a PNG file.
pub(in super::super) fn png(bytes: &[u8]) -> Option<&[u8]> {
    largest(bytes).ok().filter(|payload| payload.starts_with(PNG))
}

/// Opens the decoder of the largest picture.
pub(in super::super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let payload = largest(bytes)?;
    if payload.starts_with(PNG) {
        return png::open(payload, info, options);
    }
    let mut dib = parse(payload)?;
    if dib.bits == 32 {
        let [red, green, blue, _] = dib.masks;
        dib.masks = [red, green, blue, 0xff00_0000];
        if has_alpha(&dib) {
            return BitmapRows::open(dib, Alpha::Own, options, FAULTS);
        }
        dib.masks = [red, green, blue, 0];
    }
    let mask = dib.data.get(dib.stride() * dib.size.height as usize..).unwrap_or_default();
    BitmapRows::open(dib, Alpha::Mask(mask), options, FAULTS)
}

/// The bitmap of a picture, whose header counts the rows of the mask as well.
fn parse(payload: &[u8]) -> Result<Dib<'_>, ImageError> {
    let mut dib = Dib::parse(payload, None, FAULTS)?;
    dib.size = Size::new(dib.size.width, dib.size.height / 2);
    Ok(dib)
}

/// The file or bitmap of the picture with the most pixels, and of these the one with the most colours.
fn largest(bytes: &[u8]) -> Result<&[u8], ImageError> {
    let count = usize::from(u16_le(bytes, 4).ok_or_else(truncated)?);
    // A side of 256 is written as 0.
    let side = |at| u8_at(bytes, at).map(|side| if side == 0 { 256 } else { u32::from(side) });
    // In a cursor, the place of the depth holds the hot spot.
    let depth = |at| if u16_le(bytes, 2) == Some(CURSOR) { Some(0) } else { u16_le(bytes, at) };
    (0..count)
        .map(|index| DIRECTORY + index * ENTRY)
        .filter_map(|at| Some((side(at)? * side(at + 1)?, depth(at + 6)?, len_le(bytes, at + 8)?, len_le(bytes, at + 12)?)))
        .filter(|&(.., length, _)| length > 0)
        .max_by_key(|&(pixels, bits, ..)| (pixels, bits))
        .and_then(|(.., length, at)| slice(bytes, at, length))
        .ok_or_else(truncated)
}

const FAULTS: Faults = Faults { damaged, unsupported, truncated };

fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Ico, reason }
}

fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::Ico, reason }
}

fn truncated() -> ImageError {
    ImageError::Truncated { format: Format::Ico, reason: "the data ends early".to_owned() }
}
