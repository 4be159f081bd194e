//! The compressions of TIFF, but for JPEG: none, PackBits, LZW by `weezl`, Deflate by `flate2`, fax by `fax`.

use std::io::{ErrorKind, Read};

use fax::{
    Color,
    decoder::{decode_g3, decode_g4, pels},
};
use flate2::read::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Configuration};

use super::{
    super::{ImageError, Size},
    damaged, unsupported,
};

/// The end of fax data, six ends of a line; many files leave it out, and the last line needs one.
const END_OF_FAX: &[u8] = &[0x00, 0x10, 0x01, 0x00, 0x10, 0x01, 0x00, 0x10, 0x01];

/// Unpacks a strip or tile into `out`; returns how many bytes were there.
pub(super) fn unpack(compression: u16, data: &[u8], fax_options: u64, chunk: Size, out: &mut [u8]) -> Result<usize, ImageError> {
    match compression {
        1 => Ok(copy(data, out)),
        3 if fax_options & 1 == 0 => Ok(fax_lines(chunk, out, |line| decode_g3(data.iter().chain(END_OF_FAX).copied(), line))),
        4 => {
            let (width, height) = (u16::try_from(chunk.width), u16::try_from(chunk.height));
            let (Ok(width), Ok(height)) = (width, height) else {
                return Err(unsupported("it has fax data with rows or columns beyond 65535".to_owned()));
            };
            Ok(fax_lines(chunk, out, |line| decode_g4(data.iter().copied(), width, Some(height), line)))
        }
        5 => lzw(data, out),
        8 | 32_946 => deflate(data, out),
        32_773 => Ok(pack_bits(data, out)),
        other => Err(unsupported(format!("compression {other} is not supported"))),
    }
}

fn copy(data: &[u8], out: &mut [u8]) -> usize {
    let count = data.len().min(out.len());
    if let (Some(from), Some(to)) = (data.get(..count), out.get_mut(..count)) {
        to.copy_from_slice(from);
    }
    count
}

fn lzw(data: &[u8], out: &mut [u8]) -> Result<usize, ImageError> {
    let mut decoder = Configuration::with_tiff_size_switch(BitOrder::Msb, 8).with_yield_on_full_buffer(true).build();
    let (mut read, mut written) = (0, 0);
    while let (Some(from), Some(to)) = (data.get(read..), out.get_mut(written..)) {
        if to.is_empty() {
            break;
        }
        let result = decoder.decode_bytes(from, to);
        read += result.consumed_in;
        written += result.consumed_out;
        match result.status {
            Ok(LzwStatus::Ok) => {}
            Ok(LzwStatus::Done | LzwStatus::NoProgress) => break,
            Err(failure) => return Err(damaged(format!("{failure}"))),
        }
    }
    Ok(written)
}

fn deflate(data: &[u8], out: &mut [u8]) -> Result<usize, ImageError> {
    let mut decoder = ZlibDecoder::new(data);
    let mut written = 0;
    while let Some(rest) = out.get_mut(written..).filter(|rest| !rest.is_empty()) {
        match decoder.read(rest) {
            Ok(0) => break,
            Ok(count) => written += count,
            Err(failure) if failure.kind() == ErrorKind::UnexpectedEof => break,
            Err(failure) => return Err(damaged(failure.to_string())),
        }
    }
    Ok(written)
}

fn pack_bits(data: &[u8], out: &mut [u8]) -> usize {
    let (mut data, mut written) = (data, 0);
    while let (Some((&head, rest)), Some(to)) = (data.split_first(), out.get_mut(written..)) {
        data = rest;
        let count = usize::from(head.cast_signed().unsigned_abs()) + 1;
        match head {
            0..=127 => {
                let (literal, rest) = rest.split_at(count.min(rest.len()));
                written += copy(literal, to);
                data = rest;
            }
            128 => {}
            129.. => {
                let Some((&value, rest)) = rest.split_first() else { break };
                let to = to.get_mut(..count.min(to.len())).unwrap_or_default();
                to.fill(value);
                written += to.len();
                data = rest;
            }
        }
        if written == out.len() {
            break;
        }
    }
    written
}

/// Rows of one bit a pixel, black being 1, from lines of alternating runs.
fn fax_lines(chunk: Size, out: &mut [u8], decode: impl FnOnce(&mut dyn FnMut(&[u16])) -> Option<()>) -> usize {
    let stride = (chunk.width as usize).div_ceil(8);
    let width = u16::try_from(chunk.width).unwrap_or(u16::MAX);
    let mut rows = out.chunks_exact_mut(stride.max(1));
    let mut written = 0;
    let mut line = |transitions: &[u16]| {
        let Some(row) = rows.next() else { return };
        row.fill(0);
        for (x, colour) in pels(transitions, width).enumerate() {
            if colour == Color::Black
                && let Some(byte) = row.get_mut(x / 8)
            {
                *byte |= 0x80 >> (x % 8);
            }
        }
        written += row.len();
    };
    // What was decoded before a fault stays; the caller sees that there is less than expected.
    let _ = decode(&mut line);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pack_bits_copies_and_repeats_and_stays_inside() {
        let cases: [(&[u8], &[u8]); 6] = [
            (&[2, 1, 2, 3, 0xfe, 9], &[1, 2, 3, 9, 9, 9]),
            (&[0x80, 0, 5], &[5]),
            (&[0x81, 7], &[7; 8]),
            (&[100, 1, 2], &[1, 2]),
            (&[0xff], &[]),
            (&[], &[]),
        ];
        for (data, expected) in cases {
            let mut out = [0; 8];
            let count = pack_bits(data, &mut out);
            assert_eq!(&out[..count], expected, "{data:?}");
        }
    }

    #[test]
    fn damaged_streams_end_without_a_panic() {
        for compression in [1, 3, 4, 5, 8, 32_773] {
            for length in 0..64u8 {
                let data: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37) ^ 0x5a).collect();
                let mut out = [0; 40];
                if let Ok(count) = unpack(compression, &data, 0, Size::new(64, 5), &mut out) {
                    assert!(count <= out.len(), "{compression} {length}");
                }
            }
        }
        assert!(unpack(50_000, &[], 0, Size::new(1, 1), &mut []).is_err());
    }
}
