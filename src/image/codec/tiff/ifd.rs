//! Image file directories (IFDs): the tags of a TIFF or BigTIFF file, and the values of each.

use super::super::{
    ImageError,
    bytes::{slice, u16_be, u16_le, u32_be, u32_le},
};
use super::{damaged, truncated};

/// Values of one tag that are read at most: more strips than any real file has.
const MAX_VALUES: u64 = 1 << 22;

/// Entries of one IFD that are read at most.
const MAX_ENTRIES: usize = 4096;

/// A TIFF file: its bytes, and how numbers are stored in it.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) big_endian: bool,
    /// Whether offsets and counts have 64 bits, as in BigTIFF.
    big: bool,
}

impl<'a> File<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut file = Self { bytes, big_endian: bytes.starts_with(b"MM"), big: false };
        file.big = file.short(2) == Some(43);
        file
    }

    /// Where the first IFD is.
    pub(super) fn first(&self) -> Result<u64, ImageError> {
        self.word(if self.big { 8 } else { 4 }).ok_or_else(truncated)
    }

    /// The IFD at an offset.
    pub(super) fn ifd(&self, offset: u64) -> Result<Ifd<'a>, ImageError> {
        let at = usize::try_from(offset).map_err(|_| truncated())?;
        let (count, start) = if self.big {
            (self.long8(at).ok_or_else(truncated)?, at.saturating_add(8))
        } else {
            (self.short(at).ok_or_else(truncated)?.into(), at.saturating_add(2))
        };
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(MAX_ENTRIES);
        if slice(self.bytes, start, count * self.entry()).is_none() {
            return Err(truncated());
        }
        Ok(Ifd { file: *self, start, count })
    }

    /// Bytes of an entry.
    const fn entry(&self) -> usize {
        if self.big { 20 } else { 12 }
    }

    fn short(&self, at: usize) -> Option<u16> {
        if self.big_endian { u16_be(self.bytes, at) } else { u16_le(self.bytes, at) }
    }

    fn long(&self, at: usize) -> Option<u32> {
        if self.big_endian { u32_be(self.bytes, at) } else { u32_le(self.bytes, at) }
    }

    fn long8(&self, at: usize) -> Option<u64> {
        let (first, second) = (u64::from(self.long(at)?), u64::from(self.long(at.checked_add(4)?)?));
        Some(if self.big_endian { first << 32 | second } else { second << 32 | first })
    }

    /// An offset or a count.
    fn word(&self, at: usize) -> Option<u64> {
        if self.big { self.long8(at) } else { self.long(at).map(u64::from) }
    }

    /// An unsigned number of up to 8 bytes.
    pub(super) fn number(&self, bytes: &[u8]) -> u64 {
        let fold = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
        if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
    }
}

/// One IFD.
#[derive(Clone, Copy)]
pub(super) struct Ifd<'a> {
    pub(super) file: File<'a>,
    /// Where the entries start, and how many there are.
    start: usize,
    count: usize,
}

/// The values of a tag, as stored.
struct Values<'a> {
    kind: u16,
    count: u64,
    data: &'a [u8],
}

impl<'a> Ifd<'a> {
    /// Where the next IFD of the chain is; none at its end.
    pub(super) fn next(&self) -> Option<u64> {
        self.file.word(self.start + self.count * self.file.entry()).filter(|&offset| offset != 0)
    }

    fn find(&self, tag: u16) -> Option<Values<'a>> {
        let file = self.file;
        let at = (0..self.count).map(|index| self.start + index * file.entry()).find(|&at| file.short(at) == Some(tag))?;
        let (kind, count) = (file.short(at + 2)?, file.word(at + 4)?);
        let inline = at + if file.big { 12 } else { 8 };
        let length = usize::try_from(count).ok()?.checked_mul(size_of_kind(kind)?)?;
        let room = if file.big { 8 } else { 4 };
        let from = if length <= room { inline } else { usize::try_from(file.word(inline)?).ok()? };
        // Values that are cut off are as good as absent.
        Some(Values { kind, count, data: slice(file.bytes, from, length)? })
    }

    /// Whether the tag is there, with all of its values.
    pub(super) fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }

    /// The bytes of a tag's values.
    pub(super) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        self.find(tag).map(|values| values.data)
    }

    /// All values of a tag that holds whole numbers.
    pub(super) fn values(&self, tag: u16) -> Result<Option<Vec<u64>>, ImageError> {
        let Some(values) = self.find(tag) else { return Ok(None) };
        if values.count > MAX_VALUES {
            return Err(damaged(format!("tag {tag} has {} values", values.count)));
        }
        let size = size_of_kind(values.kind).unwrap_or(1);
        let is_signed = match values.kind {
            1 | 3 | 4 | 13 | 16 | 18 => false,
            6 | 8 | 9 | 17 => true,
            kind => return Err(damaged(format!("tag {tag} holds values of kind {kind}"))),
        };
        let numbers: Vec<u64> = values.data.chunks_exact(size).map(|bytes| self.file.number(bytes)).collect();
        if is_signed && numbers.iter().any(|number| number >> (size * 8 - 1) != 0) {
            return Err(damaged(format!("tag {tag} holds a negative value")));
        }
        Ok(Some(numbers))
    }

    /// The first value of a tag that holds whole numbers.
    pub(super) fn first(&self, tag: u16) -> Result<Option<u64>, ImageError> {
        Ok(self.values(tag)?.and_then(|values| values.first().copied()))
    }

    /// The first value of a tag, as a 16-bit number; what does not fit becomes the largest.
    pub(super) fn short(&self, tag: u16) -> Result<Option<u16>, ImageError> {
        Ok(self.first(tag)?.map(|value| u16::try_from(value).unwrap_or(u16::MAX)))
    }

    /// The first value of a tag, as a 32-bit number; what does not fit becomes the largest.
    pub(super) fn long(&self, tag: u16) -> Result<Option<u32>, ImageError> {
        Ok(self.first(tag)?.map(|value| u32::try_from(value).unwrap_or(u32::MAX)))
    }

    /// `N` values of a tag that holds fractions; none if it does not.
    pub(super) fn fractions<const N: usize>(&self, tag: u16) -> Option<[f32; N]> {
        let values = self.find(tag).filter(|values| values.kind == 5)?;
        let (pairs, _) = values.data.as_chunks::<8>();
        let mut fractions = pairs.iter().map(|[a, b, c, d, e, f, g, h]| {
            let (above, below) = (self.file.number(&[*a, *b, *c, *d]), self.file.number(&[*e, *f, *g, *h]));
            above as f32 / below as f32
        });
        let mut found = [0.0; N];
        for value in &mut found {
            *value = fractions.next().filter(|fraction| fraction.is_finite())?;
        }
        Some(found)
    }
}

const fn size_of_kind(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16 | 17 | 18 => Some(8),
        _ => None,
    }
}
