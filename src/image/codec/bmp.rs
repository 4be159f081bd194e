//! BMP: palettes, 16 to 32 bits, masks, runs, bottom-up and top-down.

mod dib;
pub(super) mod ico;

use self::dib::{Dib, Faults, Storage, unpack_runs};
use super::{
    Channels, Colours, Decode, Format, ImageError, Info, Picture, Rows, Size, Truncated, Warning, buffer,
    bytes::{len_le, slice},
    icc, missing,
};

const FILE_HEADER: usize = 14;

/// What the header says.
pub(super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let dib = parse(bytes)?;
    Ok(Info { bit_depth: depth(&dib), has_alpha: has_alpha(&dib), ..Info::new(Format::Bmp, dib.size) })
}

/// The profile that the longest header may name.
pub(super) fn colours(bytes: &[u8]) -> Option<Colours<'_>> {
    let header = bytes.get(FILE_HEADER..)?;
    if len_le(header, 0)? < 124 || slice(header, 56, 4) != Some(b"DEBM") {
        return None;
    }
    let (at, length) = (len_le(header, 112)?, len_le(header, 116)?);
    Some(Colours::Icc(slice(header, at, length.min(icc::MAX_BYTES)).unwrap_or_default().into()))
}

/// Bytes for what is not read row by row: the indices of a bitmap in runs.
pub(super) fn memory(bytes: &[u8]) -> u64 {
    parse(bytes).map_or(0, |dib| if dib.storage == Storage::Runs { dib.size.pixels() } else { 0 })
}

/// Opens the decoder.
pub(super) fn open<'a>(bytes: &'a [u8], options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let dib = parse(bytes)?;
    let alpha = if has_alpha(&dib) { Alpha::Own } else { Alpha::None };
    BitmapRows::open(dib, alpha, options, FAULTS)
}

fn parse(bytes: &[u8]) -> Result<Dib<'_>, ImageError> {
    let header = bytes.get(FILE_HEADER..).unwrap_or_default();
    let offset = len_le(bytes, 10).ok_or_else(truncated)?;
    // Rows cannot start within the header: such an offset, often 0, was never filled in.
    let offset = offset.checked_sub(FILE_HEADER).filter(|&offset| len_le(header, 0).is_some_and(|length| offset >= length));
    Dib::parse(header, offset, FAULTS)
}

fn depth(dib: &Dib<'_>) -> u8 {
    u8::try_from(dib.bits.min(8)).unwrap_or(8)
}

/// Whether pixels have alpha that says anything: programs that know none write 0 throughout. Only rows that are there are looked at.
fn has_alpha(dib: &Dib<'_>) -> bool {
    let [.., mask] = dib.masks;
    let mut rows = dib.data.chunks_exact(dib.stride()).take(dib.size.height as usize);
    mask != 0 && dib.storage == Storage::Plain && rows.any(|row| (0..dib.size.width as usize).any(|x| dib.pixel(row, x)[3] != 0))
}

/// Where the alpha of a bitmap comes from.
enum Alpha<'a> {
    None,
    /// From the pixels themselves.
    Own,
    /// From rows of one bit a pixel behind the picture, as in ICO files: 1 is transparent.
    Mask(&'a [u8]),
}

struct BitmapRows<'a> {
    dib: Dib<'a>,
    alpha: Alpha<'a>,
    /// The indices of a bitmap that was stored in runs.
    unpacked: Option<Vec<u8>>,
    next: u32,
    keep: bool,
    is_truncated: bool,
    faults: Faults,
}

impl<'a> BitmapRows<'a> {
    fn open(dib: Dib<'a>, alpha: Alpha<'a>, options: &Decode, faults: Faults) -> Result<Box<dyn Picture + 'a>, ImageError> {
        let keep = options.truncated == Truncated::Keep;
        let mut rows = Self { dib, alpha, unpacked: None, next: 0, keep, is_truncated: false, faults };
        if rows.dib.storage == Storage::Runs {
            let mut indices = buffer(Format::Bmp, rows.dib.size.pixels(), 0)?;
            rows.is_truncated = !unpack_runs(&rows.dib, &mut indices);
            if rows.is_truncated && !keep {
                return Err((faults.truncated)());
            }
            rows.unpacked = Some(indices);
        }
        Ok(Box::new(rows))
    }

    /// Writes row `y`; returns whether it is there.
    fn row(&self, y: u32, out: &mut [u8]) -> bool {
        let (width, count) = (self.dib.size.width as usize, self.channels().count());
        let stored = match &self.unpacked {
            Some(indices) => indices.get(y as usize * width..),
            None => self.dib.stored_row(y),
        };
        let Some(stored) = stored else { return false };
        for (x, pixel) in out.chunks_exact_mut(count).enumerate() {
            let [r, g, b, own] = match (&self.unpacked, stored.get(x)) {
                (Some(_), Some(&index)) => self.dib.colour(index.into()),
                _ => self.dib.pixel(stored, x),
            };
            let alpha = match self.alpha {
                Alpha::None | Alpha::Own => own,
                Alpha::Mask(mask) => masked(mask, self.dib.size, x, y),
            };
            for (to, from) in pixel.iter_mut().zip([r, g, b, alpha]) {
                *to = from;
            }
        }
        true
    }
}

/// Alpha from a mask of one bit a pixel, stored from the bottom up in rows of whole four bytes.
fn masked(mask: &[u8], size: Size, x: usize, y: u32) -> u8 {
    let stride = size.width.div_ceil(32) as usize * 4;
    let byte = mask.get((size.height - 1 - y) as usize * stride + x / 8).copied().unwrap_or(0);
    if byte >> (7 - x % 8) & 1 == 1 { 0 } else { 255 }
}

impl Rows for BitmapRows<'_> {
    fn size(&self) -> Size {
        self.dib.size
    }

    fn channels(&self) -> Channels {
        if matches!(self.alpha, Alpha::None) { Channels::Rgb } else { Channels::Rgba }
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let mut count = 0;
        let channels = self.channels();
        for row in band.chunks_exact_mut(self.dib.size.width as usize * channels.count()) {
            if self.next == self.dib.size.height {
                break;
            }
            if !self.row(self.next, row) {
                if !self.keep {
                    return Err((self.faults.truncated)());
                }
                self.is_truncated = true;
                row.fill(missing(channels));
            }
            self.next += 1;
            count += 1;
        }
        Ok(count)
    }
}

impl Picture for BitmapRows<'_> {
    fn warnings(&self) -> Vec<Warning> {
        if self.is_truncated { vec![Warning::Truncated] } else { Vec::new() }
    }
}

const FAULTS: Faults = Faults { damaged, unsupported, truncated };

fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Bmp, reason }
}

fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::Bmp, reason }
}

fn truncated() -> ImageError {
    ImageError::Truncated { format: Format::Bmp, reason: "the data ends early".to_owned() }
}
