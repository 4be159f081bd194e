//! The one thing that is read from EXIF data: how the picture must be turned.

use super::{
    Orientation,
    bytes::{u16_be, u16_le, u32_be, u32_le},
};

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const ENTRY: usize = 12;

/// The orientation that EXIF data asks for, if it is readable and says one of 1 to 8.
///
/// `data` is a TIFF structure, with or without the `Exif\0\0` that JPEG puts before it (some writers put it into PNG and WebP as well).
pub(super) fn orientation(data: &[u8]) -> Option<Orientation> {
    let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
    let big_endian = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |at| if big_endian { u16_be(tiff, at) } else { u16_le(tiff, at) };
    let long = |at| if big_endian { u32_be(tiff, at) } else { u32_le(tiff, at) };
    let directory = usize::try_from(long(4)?).ok()?;
    let entries = usize::from(short(directory)?);
    for index in 0..entries {
        let at = directory.checked_add(2 + index * ENTRY)?;
        if short(at)? == ORIENTATION {
            let number = match short(at + 2)? {
                SHORT => u32::from(short(at + 8)?),
                LONG => long(at + 8)?,
                _ => return None,
            };
            return Orientation::from_exif(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn odd_values_are_no_orientation() {
        for (tag, kind, value) in [(ORIENTATION, SHORT, 0), (ORIENTATION, SHORT, 9), (0x0100, SHORT, 6), (ORIENTATION, 5, 6)] {
            assert_eq!(orientation(&tiff(true, tag, kind, value)), None, "tag {tag:#x}, type {kind}, value {value}");
        }
    }

    #[test]
    fn data_cut_anywhere_is_no_orientation_and_no_panic() {
        let whole = tiff(false, ORIENTATION, SHORT, 6);
        for length in 0..whole.len() - 2 {
            assert_eq!(orientation(&whole[..length]), None, "{length} bytes");
        }
        let mut far = whole;
        far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(orientation(&far), None);
    }
}
