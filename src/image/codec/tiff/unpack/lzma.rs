//! LZMA in the container that libtiff uses (the .xz file format, version 1.2), by `lzma-rust2`.

use lzma_rust2::Lzma2Reader;

use super::{super::damaged, ImageError, unsupported};

const SIGNATURE: &[u8] = b"\xfd7zXZ\0";
const DELTA: u64 = 0x03;
const LZMA2: u64 = 0x21;

/// The smallest dictionary that the decoder takes.
const SMALLEST_DICTIONARY: usize = 4096;

/// Unpacks the first block of a stream.
pub(super) fn unpack(data: &[u8], most: usize, out: &mut [u8]) -> Result<usize, ImageError> {
    let Some(header) = data.get(12..) else { return Ok(0) };
    if !data.starts_with(SIGNATURE) {
        return Err(damaged("LZMA data does not start with the signature of .xz".to_owned()));
    }
    let Some((header, data)) = header.split_first().and_then(|(&size, rest)| rest.split_at_checked((usize::from(size) + 1) * 4 - 1)) else {
        return Ok(0);
    };
    let filters = filters(header).ok_or_else(|| damaged("the header of an LZMA block is cut off".to_owned()))?;
    let (differences, dictionary) = match filters.as_slice() {
        [(LZMA2, [size])] => (None, *size),
        [(DELTA, [distance]), (LZMA2, [size])] => (Some(usize::from(*distance) + 1), *size),
        other => {
            let names: Vec<String> = other.iter().map(|(name, _)| format!("{name:#x}")).collect();
            return Err(unsupported(format!("LZMA with the filters {} is not supported", names.join(", "))));
        }
    };
    // Nothing refers farther back than there are bytes, so a larger dictionary than these would only take memory.
    let dictionary = dictionary_size(dictionary).min(most.max(SMALLEST_DICTIONARY) as u64);
    let decoder = Lzma2Reader::new(data, u32::try_from(dictionary).unwrap_or(u32::MAX), None);
    let written = super::read(decoder, out)?;
    if let (Some(distance), Some(written)) = (differences, out.get_mut(..written)) {
        for at in distance..written.len() {
            written[at] = written[at].wrapping_add(written[at - distance]);
        }
    }
    Ok(written)
}

/// The filters of a block header, which starts behind its size: names and properties, in the order in which they were applied.
fn filters(header: &[u8]) -> Option<Vec<(u64, &[u8])>> {
    let (&flags, mut rest) = header.split_first()?;
    for is_there in [flags & 0x40 != 0, flags & 0x80 != 0] {
        if is_there {
            number(&mut rest)?;
        }
    }
    (0..=flags & 3)
        .map(|_| {
            let name = number(&mut rest)?;
            let length = usize::try_from(number(&mut rest)?).ok()?;
            let (properties, behind) = rest.split_at_checked(length)?;
            rest = behind;
            Some((name, properties))
        })
        .collect()
}

/// A number in groups of seven bits, the lowest first.
fn number(data: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = data.split_first()?;
        *data = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// The size of a dictionary from the property of LZMA2.
const fn dictionary_size(property: u8) -> u64 {
    (2 | property as u64 & 1) << ((property & 0x3f) / 2 + 11)
}
