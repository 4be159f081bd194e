//! The compressions of TIFF, but for those that are image formats of their own: none, PackBits, LZW by `weezl`, Deflate by `flate2`, and those of the
//! files in the folder.

mod fax;
mod lzma;
mod zstd;

use std::{
    borrow::Cow,
    io::{self, ErrorKind, Read},
};

use flate2::read::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Configuration};

use super::{
    super::{ImageError, Size},
    damaged,
    directory::Directory,
    unsupported,
};

pub(super) const OLD_JPEG: u16 = 6;
pub(super) const JPEG: u16 = 7;
pub(super) const WEBP: u16 = 50_001;

const NONE: u16 = 1;
const FAX_RUNS: u16 = 2;
const FAX_GROUP_3: u16 = 3;
const FAX_GROUP_4: u16 = 4;
const LZW: u16 = 5;
const DEFLATE: u16 = 8;
const FAX_RUNS_IN_WORDS: u16 = 32_771;
const PACK_BITS: u16 = 32_773;
const OLD_DEFLATE: u16 = 32_946;
const LZMA: u16 = 34_925;
const ZSTD: u16 = 50_000;

/// Compressions that are not supported, by name.
const NAMES: [(u16, &str); 19] = [
    (9, "JBIG (ITU-T T.85)"),
    (10, "JBIG (ITU-T T.43)"),
    (32_766, "NeXT"),
    (32_809, "ThunderScan"),
    (32_895, "IT8 CT padding"),
    (32_896, "IT8 line work"),
    (32_897, "IT8 monochrome"),
    (32_898, "IT8 binary line art"),
    (32_908, "PixarFilm"),
    (32_909, "PixarLog"),
    (32_947, "Kodak DCS"),
    (33_003, "JPEG 2000 (Aperio, YCbCr)"),
    (33_005, "JPEG 2000 (Aperio, RGB)"),
    (34_661, "JBIG"),
    (34_676, "LogLuv"),
    (34_677, "LogLuv (24 bits)"),
    (34_712, "JPEG 2000"),
    (34_887, "LERC"),
    (50_002, "JPEG XL"),
];

/// Refuses compressions that are not supported.
pub(super) fn check(compression: u16) -> Result<(), ImageError> {
    match compression {
        NONE..=DEFLATE | FAX_RUNS_IN_WORDS | PACK_BITS | OLD_DEFLATE | LZMA | ZSTD | WEBP => Ok(()),
        other => Err(unsupported(match NAMES.iter().find(|(code, _)| *code == other) {
            Some((_, name)) => format!("{name} compression is not supported"),
            None => format!("compression {other} is not supported"),
        })),
    }
}

/// Whether the bits are those of a fax machine.
pub(super) const fn is_fax(compression: u16) -> bool {
    matches!(compression, FAX_RUNS..=FAX_GROUP_4 | FAX_RUNS_IN_WORDS)
}

/// Whether strips and tiles are images in JPEG.
pub(super) const fn is_jpeg(compression: u16) -> bool {
    matches!(compression, OLD_JPEG | JPEG)
}

/// Whether samples may be stored as differences from their neighbors; with other compressions the tag means nothing.
pub(super) const fn has_predictor(compression: u16) -> bool {
    matches!(compression, LZW | DEFLATE | OLD_DEFLATE | LZMA | ZSTD)
}

/// Whether strips are stored as they are.
pub(super) const fn is_none(compression: u16) -> bool {
    compression == NONE
}

/// Bytes that unpacking takes beside its data and its result, for a chunk that becomes `length` bytes.
pub(super) fn memory(compression: u16, length: u64) -> u64 {
    match compression {
        LZMA | ZSTD => length.saturating_mul(2),
        _ => 0,
    }
}

/// The stored bytes of a strip or tile.
pub(super) struct Packed<'a> {
    pub(super) data: Cow<'a, [u8]>,
    /// Whether the end of the file cuts them off.
    pub(super) is_cut: bool,
    /// Whether the file says how many they are; otherwise they reach to its end.
    pub(super) is_counted: bool,
}

/// Unpacks a strip or tile of this size into `out`; returns how many bytes were there. `most` bytes are in it at most.
pub(super) fn unpack(
    directory: &Directory<'_>,
    packed: &Packed<'_>,
    chunk: Size,
    most: usize,
    out: &mut [u8],
) -> Result<usize, ImageError> {
    let data = &*packed.data;
    match directory.compression {
        NONE => Ok(copy(data, out)),
        FAX_RUNS => Ok(fax::runs(data, chunk, out)),
        FAX_RUNS_IN_WORDS => Ok(fax::runs_in_words(data, chunk, out)),
        FAX_GROUP_3 => Ok(fax::group_3(data, directory.fax_options, chunk, out)),
        FAX_GROUP_4 => Ok(fax::group_4(data, packed.is_cut, chunk, out)),
        LZW => lzw(data, out),
        DEFLATE | OLD_DEFLATE => read(ZlibDecoder::new(data), out),
        LZMA => lzma::unpack(data, most, out),
        ZSTD => zstd::unpack(data, most, out),
        PACK_BITS => Ok(pack_bits(data, out)),
        other => check(other).map(|()| 0),
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
    // Before TIFF 5.0, codes were stored with their lowest bit first, and became longer one code later. The first one is always "clear".
    let is_old = matches!(data, [0, second, ..] if second & 1 != 0);
    let configuration = if is_old { Configuration::new(BitOrder::Lsb, 8) } else { Configuration::with_tiff_size_switch(BitOrder::Msb, 8) };
    let mut decoder = configuration.with_yield_on_full_buffer(true).build();
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

/// Fills `out` from a decoder; data that ends early leaves the rest.
fn read(mut decoder: impl Read, out: &mut [u8]) -> Result<usize, ImageError> {
    let mut written = 0;
    while let Some(rest) = out.get_mut(written..).filter(|rest| !rest.is_empty()) {
        match decoder.read(rest) {
            Ok(0) => break,
            Ok(count) => written += count,
            Err(failure) if is_end(&failure) => break,
            Err(failure) => return Err(damaged(failure.to_string())),
        }
    }
    Ok(written)
}

/// Whether the data of a decoder ended, which it may report as the cause of another failure.
fn is_end(failure: &io::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(failure);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|failure| failure.kind() == ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = error.source().or_else(|| Some(error.downcast_ref::<io::Error>()?.get_ref()? as _));
    }
    false
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

#[cfg(test)]
mod tests;
