//! The bitmap inside BMP and ICO files: its header, its colours and its rows.

use super::super::{
    ImageError, Size,
    bytes::{len_le, slice, u16_le, u32_le},
};

/// How the rows are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// One after the other, padded to four bytes.
    Plain,
    /// In runs of equal indices of 4 or 8 bits.
    Runs,
}

/// A bitmap whose header was read.
pub(in super::super) struct Dib<'a> {
    pub(super) size: Size,
    pub(super) top_down: bool,
    pub(super) bits: u16,
    pub(super) storage: Storage,
    pub(super) palette: Vec<[u8; 3]>,
    /// Where red, green, blue and alpha are in a pixel of 16 or 32 bits.
    pub(super) masks: [u32; 4],
    /// The rows, as far as they are there.
    pub(super) data: &'a [u8],
}

/// The length of the oldest header, whose sides have 16 bits.
const CORE_HEADER: usize = 12;
/// The length of the usual header.
const INFO_HEADER: usize = 40;

impl<'a> Dib<'a> {
    /// Reads the header at the start of `bytes`; rows start at `offset`, or else behind the colours.
    ///
    /// # Errors
    /// What `damaged`, `unsupported` and `truncated` make of the reason.
    pub(super) fn parse(bytes: &'a [u8], offset: Option<usize>, faults: Faults) -> Result<Self, ImageError> {
        let header = len_le(bytes, 0).ok_or_else(faults.truncated)?;
        let core = header == CORE_HEADER;
        if !core && !(16..=256).contains(&header) {
            return Err((faults.damaged)(format!("found a header of {header} bytes, expected 12 to 256")));
        }
        let (width, height, bits) = if core {
            (u16_le(bytes, 4).map(i32::from), u16_le(bytes, 6).map(i32::from), u16_le(bytes, 10))
        } else {
            (u32_le(bytes, 4).map(u32::cast_signed), u32_le(bytes, 8).map(u32::cast_signed), u16_le(bytes, 14))
        };
        let (Some(width), Some(height), Some(bits)) = (width, height, bits) else { return Err((faults.truncated)()) };
        if width <= 0 || height == 0 {
            return Err((faults.damaged)(format!("found a picture of {width}x{height} pixels")));
        }
        let size = Size::new(width.unsigned_abs(), height.unsigned_abs());
        let field = |at| if header >= at + 4 { u32_le(bytes, at).unwrap_or(0) } else { 0 };
        let (compression, used) = (field(16), field(32));
        let storage = match (compression, bits) {
            (0, 1 | 2 | 4 | 8 | 16 | 24 | 32) | (3 | 6, 16 | 32) => Storage::Plain,
            (1, 8) | (2, 4) => Storage::Runs,
            (3, 1) => return Err((faults.unsupported)("the Huffman coding of OS/2 is not supported".to_owned())),
            (4, 24) => return Err((faults.unsupported)("the 24-bit run-length coding of OS/2 is not supported".to_owned())),
            (4 | 5, _) => return Err((faults.unsupported)("JPEG and PNG inside of it are not supported".to_owned())),
            _ => return Err((faults.unsupported)(format!("found {bits} bits a pixel and compression {compression}"))),
        };
        let bitfields = matches!(compression, 3 | 6);
        let masks_behind = if bitfields && header == INFO_HEADER { if compression == 6 { 16 } else { 12 } } else { 0 };
        let masks = if bitfields {
            // The masks follow the usual header, and are part of the longer ones.
            let mask = |index: usize| u32_le(bytes, INFO_HEADER + index * 4).unwrap_or(0);
            let has_alpha = header >= 56 || compression == 6;
            [mask(0), mask(1), mask(2), if has_alpha { mask(3) } else { 0 }]
        } else if bits == 16 {
            [0x7c00, 0x03e0, 0x001f, 0]
        } else {
            [0x00ff_0000, 0x0000_ff00, 0x0000_00ff, 0]
        };
        let entry = if core { 3 } else { 4 };
        let colours_at = header + masks_behind;
        let mut colours = match (bits, usize::try_from(used).unwrap_or(usize::MAX)) {
            (1 | 2 | 4 | 8, 0) => 1 << bits,
            (1 | 2 | 4 | 8, used) => used.min(1 << bits),
            (_, used) => used.min(256),
        };
        if let Some(offset) = offset {
            colours = colours.min(offset.saturating_sub(colours_at) / entry);
        }
        let table = slice(bytes, colours_at, colours * entry).ok_or_else(faults.truncated)?;
        let palette = table.chunks_exact(entry).map(|colour| [colour[2], colour[1], colour[0]]).collect();
        let header_end = colours_at + colours * entry;
        let data = bytes.get(offset.unwrap_or(header_end)..).unwrap_or_default();
        Ok(Self { size, top_down: height < 0, bits, storage, palette, masks, data })
    }

    /// Bytes in a stored row.
    pub(super) fn stride(&self) -> usize {
        (self.size.width as usize * usize::from(self.bits)).div_ceil(32) * 4
    }

    /// Row `y` from the top of plainly stored rows; none where the data ends before.
    pub(super) fn stored_row(&self, y: u32) -> Option<&'a [u8]> {
        let line = if self.top_down { y } else { self.size.height - 1 - y };
        slice(self.data, line as usize * self.stride(), self.stride())
    }

    /// A pixel as red, green, blue and alpha, each from 0 to 255; `row` is as stored.
    pub(super) fn pixel(&self, row: &[u8], x: usize) -> [u8; 4] {
        match self.bits {
            24 => {
                let [b, g, r] = slice(row, x * 3, 3).and_then(|pixel| pixel.try_into().ok()).unwrap_or_default();
                [r, g, b, 255]
            }
            32 => self.masked(u32_le(row, x * 4).unwrap_or(0)),
            16 => self.masked(u16_le(row, x * 2).unwrap_or(0).into()),
            bits => {
                let bits = usize::from(bits);
                let byte = row.get(x * bits / 8).copied().unwrap_or(0);
                let shift = 8 - bits - x * bits % 8;
                self.colour(usize::from(byte >> shift) & ((1 << bits) - 1))
            }
        }
    }

    /// A colour of the palette; black beyond its end.
    pub(super) fn colour(&self, index: usize) -> [u8; 4] {
        let [r, g, b] = self.palette.get(index).copied().unwrap_or_default();
        [r, g, b, 255]
    }

    fn masked(&self, value: u32) -> [u8; 4] {
        let [red, green, blue, alpha] = self.masks;
        [part(value, red), part(value, green), part(value, blue), if alpha == 0 { 255 } else { part(value, alpha) }]
    }
}

/// How faults are worded for the format at hand.
#[derive(Clone, Copy)]
pub(super) struct Faults {
    pub(super) damaged: fn(String) -> ImageError,
    pub(super) unsupported: fn(String) -> ImageError,
    pub(super) truncated: fn() -> ImageError,
}

/// The bits under a mask, stretched to 0 to 255.
fn part(value: u32, mask: u32) -> u8 {
    if mask == 0 {
        return 0;
    }
    let shift = mask.trailing_zeros();
    let (value, most) = (u64::from((value & mask) >> shift), u64::from(mask >> shift));
    u8::try_from((value * 255 + most / 2) / most).unwrap_or(u8::MAX)
}

/// Indices of a bitmap that is stored in runs, top row first, and how far they go; what is jumped over is 0.
pub(super) fn unpack_runs(dib: &Dib<'_>, indices: &mut [u8]) -> bool {
    let (width, height) = (dib.size.width as usize, dib.size.height as usize);
    let wide = dib.bits == 8;
    let mut data = dib.data.iter().copied();
    let (mut x, mut line) = (0, 0);
    let mut put = |x: usize, line: usize, index: u8| {
        let y = if dib.top_down { line } else { height.wrapping_sub(1).wrapping_sub(line) };
        if x < width
            && y < height
            && let Some(place) = indices.get_mut(y * width + x)
        {
            *place = index;
        }
    };
    let nibble = |byte: u8, position: usize| if position.is_multiple_of(2) { byte >> 4 } else { byte & 15 };
    while line < height {
        let (Some(first), Some(second)) = (data.next(), data.next()) else { return false };
        match (first, second) {
            (0, 0) => (x, line) = (0, line + 1),
            (0, 1) => return true,
            (0, 2) => {
                let (Some(right), Some(up)) = (data.next(), data.next()) else { return false };
                (x, line) = (x + usize::from(right), line + usize::from(up));
            }
            (0, count) => {
                let count = usize::from(count);
                let bytes = if wide { count } else { count.div_ceil(2) };
                let mut byte = 0;
                for position in 0..count {
                    if wide || position.is_multiple_of(2) {
                        let Some(next) = data.next() else { return false };
                        byte = next;
                    }
                    put(x, line, if wide { byte } else { nibble(byte, position) });
                    x += 1;
                }
                if bytes % 2 == 1 {
                    data.next();
                }
            }
            (count, byte) => {
                for position in 0..usize::from(count) {
                    put(x, line, if wide { byte } else { nibble(byte, position) });
                    x += 1;
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_under_a_mask_are_stretched() {
        for (value, mask, expected) in
            [(0x7c00, 0x7c00, 255), (0x0400, 0x7c00, 8), (0x8000_0000, 0x8000_0000, 255), (u32::MAX, u32::MAX, 255), (0x1234, 0, 0)]
        {
            assert_eq!(part(value, mask), expected, "{value:#x} under {mask:#x}");
        }
    }

    #[test]
    fn runs_are_unpacked_from_the_bottom_and_stay_inside() {
        let dib = |bits, data| Dib {
            size: Size::new(4, 2),
            top_down: false,
            bits,
            storage: Storage::Runs,
            palette: Vec::new(),
            masks: [0; 4],
            data,
        };
        let cases: [(u16, &[u8], [u8; 8], bool); 5] = [
            (8, &[4, 7, 0, 0, 2, 9, 0, 1], [9, 9, 0, 0, 7, 7, 7, 7], true),
            (8, &[0, 3, 1, 2, 3, 0, 0, 1], [0, 0, 0, 0, 1, 2, 3, 0], true),
            (4, &[3, 0x12, 0, 2, 0, 1, 1, 0x50, 0, 1], [0, 0, 0, 5, 1, 2, 1, 0], true),
            (8, &[255, 1, 255, 2], [0, 0, 0, 0, 1, 1, 1, 1], false),
            (8, &[], [0; 8], false),
        ];
        for (bits, data, expected, complete) in cases {
            let mut indices = [0; 8];
            assert_eq!((unpack_runs(&dib(bits, data), &mut indices), indices), (complete, expected), "{data:?}");
        }
    }
}
