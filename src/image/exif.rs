//! The one thing that is read from EXIF data: how the picture must be turned.

use super::{
    Orientation,
    bytes::{len_be, len_le, slice, u16_be, u16_le, u32_be, u32_le},
};

const ORIENTATION: u16 = 0x0112;
const XMP: u16 = 700;
const ENTRY: usize = 12;

/// The orientation that EXIF data asks for; none if it has no such tag, or cannot be read. A tag with another value than 1 to 8 means upright.
///
/// `data` is a TIFF structure, with or without the `Exif\0\0` that JPEG puts before it (some writers put it into PNG and WebP as well).
pub(super) fn orientation(data: &[u8]) -> Option<Orientation> {
    let tiff = Tiff::new(data)?;
    let entry = tiff.entry(ORIENTATION)?;
    Some(tiff.number(entry).and_then(Orientation::from_exif).unwrap_or(Orientation::Upright))
}

/// The XMP packet in the first directory of a TIFF structure.
pub(super) fn xmp_packet(data: &[u8]) -> Option<&[u8]> {
    let tiff = Tiff::new(data)?;
    let entry = tiff.entry(XMP)?;
    // In bytes, whatever their type is called.
    let kind = tiff.short(entry + 2).filter(|kind| matches!(kind, 1 | 2 | 6 | 7));
    slice(tiff.bytes, tiff.offset(entry + 8)?, kind.and_then(|_| tiff.offset(entry + 4))?)
}

struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Tiff<'a> {
    /// A structure with a signature, read with either number in either byte order, as Pillow does.
    fn new(data: &'a [u8]) -> Option<Self> {
        let mut bytes = data;
        while let Some(rest) = bytes.strip_prefix(b"Exif\0\0".as_slice()) {
            bytes = rest;
        }
        let big_endian = match bytes.get(..4)? {
            b"MM\0*" | b"MM*\0" => true,
            b"II*\0" | b"II\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    /// Where the first directory has its entry for a tag.
    fn entry(&self, tag: u16) -> Option<usize> {
        let directory = self.offset(4)?;
        let entries = usize::from(self.short(directory)?);
        (0..entries).map_while(|index| directory.checked_add(2 + index * ENTRY)).find(|&at| self.short(at) == Some(tag))
    }

    fn short(&self, at: usize) -> Option<u16> {
        if self.big_endian { u16_be(self.bytes, at) } else { u16_le(self.bytes, at) }
    }

    fn long(&self, at: usize) -> Option<u32> {
        if self.big_endian { u32_be(self.bytes, at) } else { u32_le(self.bytes, at) }
    }

    fn offset(&self, at: usize) -> Option<usize> {
        if self.big_endian { len_be(self.bytes, at) } else { len_le(self.bytes, at) }
    }

    /// The first value of an entry whose type is a number (TIFF 6.0, section 2). Bytes count as data rather than as a number, as in Pillow.
    fn number(&self, entry: usize) -> Option<u32> {
        let kind = self.short(entry + 2)?;
        let length: usize = match kind {
            6 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let count = self.offset(entry + 4).filter(|&count| count > 0)?;
        let at = if length.checked_mul(count)? <= 4 { entry + 8 } else { self.offset(entry + 8)? };
        let value = slice(self.bytes, at, length)?;
        match kind {
            3 | 8 => self.short(at).map(u32::from),
            4 | 9 | 13 => self.long(at),
            5 | 10 => {
                let (numerator, denominator) = (self.long(at)?, self.long(at + 4)?);
                (numerator.checked_rem(denominator)? == 0).then(|| numerator / denominator)
            }
            11 => whole(f32::from_bits(self.long(at)?).into()),
            12 => {
                let bytes = value.try_into().ok()?;
                whole(if self.big_endian { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) })
            }
            _ => value.first().map(|&byte| byte.into()),
        }
    }
}

/// The orientation that a floating-point number is.
fn whole(number: f64) -> Option<u32> {
    (1..=8u32).find(|&whole| f64::from(whole) == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: u16 = 3;
    const LONG: u16 = 4;

    fn tiff(big_endian: bool, tag: u16, kind: u16, value: u32) -> Vec<u8> {
        let short = |v: u16| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        let long = |v: u32| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        let mut data = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        data.extend(long(8));
        data.extend(short(2));
        for (tag, value) in [(0x010f, 1), (tag, value)] {
            data.extend(short(tag));
            data.extend(short(kind));
            data.extend(long(1));
            if kind == SHORT {
                data.extend(short(u16::try_from(value).unwrap()));
                data.extend([0, 0]);
            } else {
                data.extend(long(value));
            }
        }
        data
    }

    #[test]
    fn the_orientation_is_found_in_either_byte_order() {
        for number in 1..=8 {
            for (big_endian, kind) in [(true, SHORT), (false, SHORT), (true, LONG), (false, LONG)] {
                let data = tiff(big_endian, ORIENTATION, kind, number);
                assert_eq!(orientation(&data), Orientation::from_exif(number), "{number}, big-endian {big_endian}, type {kind}");
                assert_eq!(orientation(&[b"Exif\0\0".as_slice(), &data].concat()), Orientation::from_exif(number));
            }
        }
    }

    #[test]
    fn any_number_is_read_and_a_tag_without_one_means_upright() {
        // Type, count, value, and what follows the directory; the expected values are those of Pillow.
        type Case<'a> = (u16, u32, [u8; 4], &'a [u8], u8);
        let cases: [Case<'_>; 13] = [
            (8, 1, [0, 6, 0, 0], b"", 6),
            (9, 1, [0, 0, 0, 6], b"", 6),
            (6, 1, [6, 0, 0, 0], b"", 6),
            (13, 1, [0, 0, 0, 6], b"", 6),
            (3, 2, [0, 6, 0, 7], b"", 6),
            (5, 1, [0, 0, 0, 26], b"\0\0\0\x06\0\0\0\x01", 6),
            (11, 1, 6.0f32.to_be_bytes(), b"", 6),
            (12, 1, [0, 0, 0, 26], &6.0f64.to_be_bytes(), 6),
            (1, 1, [6, 0, 0, 0], b"", 1),
            (2, 2, *b"6\0\0\0", b"", 1),
            (3, 0, [0, 6, 0, 0], b"", 1),
            (3, 1, [0, 0, 0, 0], b"", 1),
            (3, 1, [0, 9, 0, 0], b"", 1),
        ];
        for (kind, count, value, behind, expected) in cases {
            let mut data = b"MM\0*\0\0\0\x08\0\x01\x01\x12".to_vec();
            data.extend(kind.to_be_bytes());
            data.extend(count.to_be_bytes());
            data.extend(value);
            data.extend([0; 4]);
            data.extend(behind);
            assert_eq!(orientation(&data).map(Orientation::to_exif), Some(expected), "type {kind}, count {count}, value {value:?}");
        }
        assert_eq!(orientation(&tiff(true, 0x0100, SHORT, 6)), None);
    }

    #[test]
    fn data_cut_anywhere_is_no_orientation_and_no_panic() {
        let whole = tiff(false, ORIENTATION, SHORT, 6);
        let tag = whole.len() - ENTRY;
        for length in 0..whole.len() - 2 {
            let expected = (length >= tag + 2).then_some(Orientation::Upright);
            assert_eq!(orientation(&whole[..length]), expected, "{length} bytes");
        }
        let mut far = whole;
        far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(orientation(&far), None);
    }
}
