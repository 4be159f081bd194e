//! The tags of a TIFF file's first picture, classic or BigTIFF.

use super::super::{
    ImageError, Size,
    bytes::{slice, u16_be, u16_le, u32_be, u32_le},
};
use super::{damaged, truncated, unsupported};

/// Values of one tag that are read at most: more strips than any real file has.
const MAX_VALUES: u64 = 1 << 22;

/// How the samples of a picture are stored, and where.
pub(super) struct Directory<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) big_endian: bool,
    pub(super) size: Size,
    pub(super) bits: u16,
    pub(super) samples: usize,
    pub(super) compression: u16,
    pub(super) photometric: u16,
    pub(super) planar: bool,
    pub(super) predictor: u16,
    /// Width and height of a strip or tile.
    pub(super) chunk: Size,
    pub(super) tiled: bool,
    pub(super) offsets: Vec<u64>,
    pub(super) counts: Vec<u64>,
    pub(super) colour_map: Vec<u64>,
    /// What the first sample beyond the colours means: 1 is alpha that was multiplied in, 2 is straight alpha.
    pub(super) extra: Option<u64>,
    pub(super) format: SampleFormat,
    pub(super) reversed_bits: bool,
    pub(super) fax_options: u64,
    pub(super) jpeg_tables: Option<&'a [u8]>,
    pub(super) profile: Option<&'a [u8]>,
    pub(super) subsampling: (usize, usize),
    pub(super) orientation: u32,
}

/// What kind of numbers the samples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleFormat {
    Unsigned,
    Float,
}

impl<'a> Directory<'a> {
    /// Reads the first directory.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let reader = Reader::new(bytes)?;
        let first = |tag, default| reader.values(tag).map(|values| values.and_then(|values| values.first().copied()).unwrap_or(default));
        let short = |tag, default: u16| Ok::<_, ImageError>(u16::try_from(first(tag, default.into())?).unwrap_or(u16::MAX));
        let side = |tag, default| Ok::<_, ImageError>(u32::try_from(first(tag, default)?).unwrap_or(u32::MAX));
        let size = Size::new(side(256, 0)?, side(257, 0)?);
        let bits = reader.values(258)?.unwrap_or_else(|| vec![1]);
        let depth = bits.first().copied().unwrap_or(1);
        if bits.iter().any(|&other| other != depth) {
            return Err(unsupported("its channels have different depths".to_owned()));
        }
        let tiled = reader.find(322).is_some();
        let chunk = if tiled {
            Size::new(side(322, 0)?, side(323, 0)?)
        } else {
            Size::new(size.width, side(278, u32::MAX.into())?.min(size.height))
        };
        if !size.is_empty() && chunk.is_empty() {
            return Err(damaged(format!("found strips or tiles of {chunk} pixels")));
        }
        let (offsets, counts) = if tiled { (324, 325) } else { (273, 279) };
        let format = match first(339, 1)? {
            1 | 4 => SampleFormat::Unsigned,
            3 => SampleFormat::Float,
            other => return Err(unsupported(format!("samples of format {other} are not supported"))),
        };
        let subsampling = reader.values(530)?.unwrap_or_default();
        let factor = |index: usize| match subsampling.get(index) {
            Some(&factor @ (1 | 2 | 4)) => usize::try_from(factor).unwrap_or(1),
            _ => 2,
        };
        Ok(Self {
            bytes,
            big_endian: reader.big_endian,
            size,
            bits: u16::try_from(depth).unwrap_or(u16::MAX),
            samples: usize::from(short(277, 1)?),
            compression: short(259, 1)?,
            photometric: short(262, if bits.len() >= 3 { 2 } else { 1 })?,
            planar: first(284, 1)? == 2,
            predictor: short(317, 1)?,
            chunk,
            tiled,
            offsets: reader.values(offsets)?.unwrap_or_default(),
            counts: reader.values(counts)?.unwrap_or_default(),
            colour_map: reader.values(320)?.unwrap_or_default(),
            extra: reader.values(338)?.and_then(|extra| extra.first().copied()),
            format,
            reversed_bits: first(266, 1)? == 2,
            fax_options: first(292, 0)?,
            jpeg_tables: reader.bytes(347),
            profile: reader.bytes(34_675),
            subsampling: (factor(0), factor(1)),
            orientation: side(274, 1)?,
        })
    }
}

/// Looks tags up in a directory.
struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    /// Whether offsets and counts have 64 bits.
    big: bool,
    /// Where the entries start, and how many there are.
    entries: (usize, usize),
}

/// Where the values of a tag are.
struct Values<'a> {
    kind: u16,
    count: u64,
    data: &'a [u8],
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let big_endian = bytes.starts_with(b"MM");
        let mut reader = Self { bytes, big_endian, big: false, entries: (0, 0) };
        reader.big = reader.short(2) == Some(43);
        let directory = usize::try_from(reader.word(if reader.big { 8 } else { 4 }).ok_or_else(truncated)?).map_err(|_| truncated())?;
        let (count, start) = if reader.big {
            (reader.long8(directory).ok_or_else(truncated)?, directory.saturating_add(8))
        } else {
            (reader.short(directory).ok_or_else(truncated)?.into(), directory.saturating_add(2))
        };
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(4096);
        if slice(bytes, start, count * reader.entry()).is_none() {
            return Err(truncated());
        }
        reader.entries = (start, count);
        Ok(reader)
    }

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

    fn find(&self, tag: u16) -> Option<Values<'a>> {
        let (start, count) = self.entries;
        let at = (0..count).map(|index| start + index * self.entry()).find(|&at| self.short(at) == Some(tag))?;
        let (kind, count) = (self.short(at + 2)?, self.word(at + 4)?);
        let inline = at + if self.big { 12 } else { 8 };
        let length = usize::try_from(count).ok()?.checked_mul(size_of_kind(kind)?)?;
        let room = if self.big { 8 } else { 4 };
        let from = if length <= room { inline } else { usize::try_from(self.word(inline)?).ok()? };
        // Values that are cut off are as good as absent.
        Some(Values { kind, count, data: slice(self.bytes, from, length)? })
    }

    fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        self.find(tag).map(|values| values.data)
    }

    /// All values of a tag that holds whole numbers.
    fn values(&self, tag: u16) -> Result<Option<Vec<u64>>, ImageError> {
        let Some(values) = self.find(tag) else { return Ok(None) };
        if values.count > MAX_VALUES {
            return Err(damaged(format!("tag {tag} has {} values", values.count)));
        }
        let number = |bytes: &[u8]| {
            let fold = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
            if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
        };
        match values.kind {
            1 | 3 | 4 | 13 | 16 | 18 => {
                let size = size_of_kind(values.kind).unwrap_or(1);
                Ok(Some(values.data.chunks_exact(size).map(number).collect()))
            }
            kind => Err(damaged(format!("tag {tag} holds values of kind {kind}"))),
        }
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
