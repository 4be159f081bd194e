//! Formats without a signature that can be trusted: recognized by several fields that agree.

use super::super::bytes::{len_be, len_le, slice, u8_at, u16_le, u32_be};

/// Whether content is of a kind.
type Fits = fn(&[u8]) -> bool;

/// The name of content whose fields agree with one of these formats.
pub(super) fn name(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(Fits, &str)] = &[
        (is_safetensors, "safetensors model weights"),
        (is_pickle, "a Python pickle, such as an old PyTorch model file"),
        (is_netpbm, "a Netpbm image (PBM, PGM, PPM or PAM)"),
        (is_transport_stream, "an MPEG transport stream video"),
        (is_mp3, "an MP3 audio file"),
        (is_aac, "an AAC audio file"),
        (is_tar, "a tar archive"),
        (is_pcx, "a PCX image"),
        (is_pict, "a PICT image"),
        (is_tga, "a Targa (TGA) image"),
        (is_wbmp, "a WBMP image"),
    ];
    KINDS.iter().find(|(fits, _)| fits(bytes)).map(|(_, name)| *name)
}

/// A length, and JSON of that length.
fn is_safetensors(bytes: &[u8]) -> bool {
    let length = len_le(bytes, 0);
    slice(bytes, 4, 4) == Some(&[0; 4])
        && length.is_some_and(|length| (2..100 << 20).contains(&length))
        && slice(bytes, 8, 2) == Some(b"{\"")
}

/// Protocol 2 to 5, and an opcode that a pickle of data starts with.
fn is_pickle(bytes: &[u8]) -> bool {
    matches!(
        bytes.get(..3),
        Some([0x80, 2..=5, b'}' | b']' | b'(' | b'c' | b'X' | b'K' | b'J' | b'M' | b'\x8a' | b'\x8c' | b'\x95' | b')'])
    )
}

fn is_netpbm(bytes: &[u8]) -> bool {
    let Some([b'P', b'1'..=b'7', space, rest @ ..]) = bytes.get(..16.min(bytes.len())) else { return false };
    space.is_ascii_whitespace() && rest.first().is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'#' | b'W' | b' ' | b'\n'))
}

/// Packets of 188 bytes, with a time stamp of 4 bytes before each in files of cameras, that start with a sync byte.
fn is_transport_stream(bytes: &[u8]) -> bool {
    [(0, 188), (4, 192)].into_iter().any(|(start, packet)| {
        let syncs = (0..3).map_while(|index| u8_at(bytes, start + index * packet));
        // The program association table comes first where there is but one packet.
        let is_table = slice(bytes, start + 1, 2) == Some(b"\x40\0");
        syncs.clone().all(|byte| byte == 0x47) && (syncs.clone().count() == 3 || is_table && syncs.count() > 0)
    })
}

/// The header of a frame, MPEG-1 or 2, layer III.
fn is_mp3(bytes: &[u8]) -> bool {
    let Some(&[0xff, version, rates, _]) = bytes.get(..4) else { return false };
    version & 0xe6 == 0xe2 && version & 0x18 != 0x08 && rates >> 4 != 15 && rates >> 4 != 0 && rates >> 2 & 3 != 3
}

/// The header of a frame, ADTS.
fn is_aac(bytes: &[u8]) -> bool {
    let Some(&[0xff, version, rates, ..]) = bytes.get(..7) else { return false };
    version & 0xf6 == 0xf0 && rates >> 2 & 15 < 13
}

/// A header whose checksum is right: archives from before the signature.
fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..512) else { return false };
    let (before, rest) = header.split_at(148);
    let (stored, after) = rest.split_at(8);
    let sum: u32 = before.iter().chain(after).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * 32;
    let digits = stored.iter().filter(|byte| matches!(byte, b'0'..=b'7'));
    sum > 8 * 32 && digits.fold(0u32, |value, digit| value.wrapping_mul(8).wrapping_add(u32::from(digit - b'0'))) == sum
}

fn is_pcx(bytes: &[u8]) -> bool {
    let Some(&[10, 0 | 2..=5, 0 | 1, 1 | 2 | 4 | 8]) = bytes.get(..4) else { return false };
    let corners = [4, 6, 8, 10].map(|at| u16_le(bytes, at));
    matches!(corners, [Some(left), Some(top), Some(right), Some(bottom)] if left <= right && top <= bottom)
        && u8_at(bytes, 64).unwrap_or(0) == 0
}

/// A header of 512 bytes that says nothing, a size, a frame and the version.
fn is_pict(bytes: &[u8]) -> bool {
    slice(bytes, 522, 6) == Some(b"\0\x11\x02\xff\x0c\0")
}

/// The footer of version 2, or a header in which every field has one of its few values.
fn is_tga(bytes: &[u8]) -> bool {
    if bytes.ends_with(b"TRUEVISION-XFILE.\0") {
        return true;
    }
    let Some(&[_, map, kind, first_low, first_high, length_low, length_high, entry, ..]) = bytes.get(..18) else { return false };
    let (Some(width), Some(height), Some(depth), Some(descriptor)) =
        (u16_le(bytes, 12), u16_le(bytes, 14), u8_at(bytes, 16), u8_at(bytes, 17))
    else {
        return false;
    };
    let map_fits = match map {
        0 => [first_low, first_high, length_low, length_high, entry] == [0; 5],
        1 => matches!(entry, 15 | 16 | 24 | 32) && [length_low, length_high] != [0; 2],
        _ => false,
    };
    let kind_fits = match kind {
        1 | 9 => map == 1 && depth == 8,
        2 | 10 => matches!(depth, 15 | 16 | 24 | 32),
        3 | 11 => matches!(depth, 8 | 16),
        _ => false,
    };
    map_fits && kind_fits && width > 0 && height > 0 && descriptor & 0xc0 == 0 && matches!(descriptor & 15, 0 | 1 | 8)
}

/// Type 0, a size, and just the bytes that a bitmap of that size takes (WAP-237, section 4.5).
fn is_wbmp(bytes: &[u8]) -> bool {
    let number = |at: usize| {
        let first = u8_at(bytes, at)?;
        let second = u8_at(bytes, at + 1)?;
        match (first & 0x80, second & 0x80) {
            (0, _) => Some((usize::from(first), at + 1)),
            (_, 0) => Some((usize::from(first & 0x7f) << 7 | usize::from(second), at + 2)),
            _ => None,
        }
    };
    let sizes = |at| {
        let (width, at) = number(at)?;
        let (height, at) = number(at)?;
        Some((width, height, at))
    };
    bytes.starts_with(&[0, 0])
        && sizes(2).is_some_and(|(width, height, at)| width > 0 && height > 0 && bytes.len() == at + width.div_ceil(8) * height)
}

/// Whether the bytes are an HEIF file without any `meta` box, as sequences are that have no still image beside them.
pub(super) fn has_no_meta_box(bytes: &[u8]) -> bool {
    let mut at = 0;
    // Files have a handful of boxes at their top.
    for _ in 0..64 {
        let (Some(length), Some(kind)) = (len_be(bytes, at), slice(bytes, at + 4, 4)) else { return true };
        if kind == b"meta" {
            return false;
        }
        let length = match length {
            0 => return true,
            1 if u32_be(bytes, at + 8) == Some(0) => len_be(bytes, at + 12).unwrap_or(0),
            length => length,
        };
        let Some(next) = at.checked_add(length.max(8)) else { return true };
        at = next;
    }
    true
}
