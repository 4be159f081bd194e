//! How much memory each decoder takes at most, told from the header.
//!
//! Decoders that hand out rows take the more the wider a picture is, the others the more pixels it has. What the file itself takes is not counted: it
//! is there already. A test holds every number here against what the process takes (`tests/image_memory.rs`).

use super::{
    Format, Info, bmp,
    bytes::{len_le, slice, u8_at},
    gif, heif, jpeg, tiff,
};

/// What any decoder may take: tables, stacks, and bands of rows that wait for another thread.
const ANY: u64 = 4 << 20;

/// Bytes for the first frame, or the only one, as rows.
pub(super) fn rows(bytes: &[u8], info: &Info) -> u64 {
    let pixels = info.stored_size.pixels();
    let each: u64 = match info.format {
        Format::Jpeg => return ANY.saturating_add(jpeg::rows_memory(bytes, info)),
        Format::Png => return png(bytes, info),
        Format::Gif if gif::header::comes_in_rows(bytes) => 0,
        Format::Gif if !info.has_alpha => 3,
        // The canvas, and what was on it where the frame is to be taken off again.
        Format::Gif => 8,
        Format::WebP => match webp_pixels(bytes) {
            // Samples, and luma and chroma of the decoder that holds these; alpha is coded on its own.
            Some(b"VP8 ") if info.has_alpha => 8,
            Some(b"VP8 ") => 5,
            Some(b"VP8L") => 10,
            // A frame, in samples and in what they come from, and its canvas.
            _ => 14,
        },
        Format::Avif => return avif(bytes, info, 2),
        Format::Heic => return heic(bytes, info),
        Format::Tiff => return ANY.saturating_add(tiff::memory(bytes)),
        Format::Bmp => return ANY.saturating_add(bmp::memory(bytes)),
        Format::Ico => return bmp::ico::png(bytes).map_or(ANY, |file| png(file, info)),
        Format::Samples => return 0,
    };
    ANY.saturating_add(pixels.saturating_mul(each))
}

/// Bytes for the decoder of planes, with this many threads.
pub(super) fn planes(bytes: &[u8], info: &Info, threads: usize) -> u64 {
    let width = u64::from(info.stored_size.width);
    match info.format {
        Format::Jpeg => ANY.saturating_add(jpeg::planes_memory(bytes, info, threads)),
        // Eight rows of blocks in samples, luma and chroma a quarter as large, and eight in coefficients of two bytes with what is known of them.
        _ => ANY.saturating_add(8 * width.saturating_mul(16 * 3 / 2 + 16 * 3 + 8)),
    }
}

/// Bytes for the decoder of an animation, with the copy of the canvas that is handed out.
pub(super) fn frames(bytes: &[u8], info: &Info) -> u64 {
    let each = match info.format {
        // The canvas, what was on it before, and a copy.
        Format::Gif => 12,
        // Beside these a frame, in up to 16 bits.
        Format::Png if info.bit_depth == 16 => 20,
        Format::Png => 16,
        Format::WebP => 18,
        // Frames are kept for as long as others may build on them: eight, the one that is decoded, and the one that is shown.
        Format::Avif => {
            let frames = u64::from(info.frames.min(8)) + 2;
            return avif(bytes, info, frames).saturating_add(info.stored_size.pixels().saturating_mul(4));
        }
        _ => return rows(bytes, info),
    };
    ANY.saturating_add(info.stored_size.pixels().saturating_mul(each))
}

/// Bytes for a still PNG picture: of an interlaced one all rows, with all bits that they are stored with.
fn png(bytes: &[u8], info: &Info) -> u64 {
    let row = u64::from(info.stored_size.width) * 8;
    let (colour, is_interlaced) = (u8_at(bytes, 25).unwrap_or(6), u8_at(bytes, 28) != Some(0));
    let samples = match colour {
        0 | 4 => 1,
        _ => 3,
    } + u64::from(info.has_alpha);
    let each = match (is_interlaced, info.bit_depth) {
        (false, _) => 0,
        (true, 16) => samples * 3,
        (true, _) => samples,
    };
    ANY.saturating_add(row * 8).saturating_add(info.stored_size.pixels().saturating_mul(each))
}

/// Bytes for so many decoded frames of AVIF, each with its alpha, and for what the decoder knows of their blocks.
fn avif(bytes: &[u8], info: &Info, frames: u64) -> u64 {
    let pixels = heif::coded_pixels(info.format, bytes).unwrap_or_else(|_| info.stored_size.pixels());
    let half_bytes = heif::half_bytes(bytes).unwrap_or(12);
    let alpha = match (info.has_alpha, info.bit_depth > 8) {
        (false, _) => 0,
        (true, false) => 2,
        (true, true) => 4,
    };
    let frame = pixels.saturating_mul(half_bytes + alpha).div_ceil(2);
    ANY.saturating_add(frame.saturating_mul(frames)).saturating_add(pixels)
}

/// Bytes for HEIC: four samples of colour, planes of two bytes a sample, those of its alpha, and what is known of blocks.
fn heic(bytes: &[u8], info: &Info) -> u64 {
    let pixels = heif::coded_pixels(info.format, bytes).unwrap_or_else(|_| info.stored_size.pixels());
    let planes = heif::hevc_samples(bytes).unwrap_or(6);
    ANY.saturating_add(pixels.saturating_mul(6 + planes + if info.has_alpha { 4 } else { 0 }))
}

/// The name of the chunk with the pixels of a still WebP picture; that of the first frame's for an animation.
fn webp_pixels(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 12;
    loop {
        let name = slice(bytes, at, 4)?;
        if matches!(name, b"VP8 " | b"VP8L" | b"ANMF") {
            return Some(name);
        }
        at = at.checked_add(len_le(bytes, at + 4)?)?.checked_add(9)? & !1;
    }
}
