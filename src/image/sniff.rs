//! Tells a file's format from its content; names and extensions are never asked.
//!
//! What can be read is told here. Everything else is named for the error message: by `sniff/signatures.rs` where bytes at a fixed place tell, by
//! `sniff/containers.rs` where the content of a container does, by `sniff/samples.rs` where several fields must agree, and by `sniff/text.rs`.

mod containers;
mod samples;
mod signatures;
mod text;

use super::{
    Format, ImageError,
    bytes::{len_be, len_le, slice},
    codec,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The formats that can be read, as error messages name them.
pub(super) const READABLE: &str = "JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP or ICO";

/// The format that `bytes` start like.
///
/// # Errors
/// [`ImageError::UnknownFormat`], which says what the bytes look like instead.
pub(super) fn format(bytes: &[u8]) -> Result<Format, ImageError> {
    image_format(bytes).ok_or_else(|| unknown(describe(bytes)))
}

fn unknown(found: String) -> ImageError {
    ImageError::UnknownFormat { found, expected: READABLE }
}

/// The format that can be read and that `bytes` start like.
fn image_format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        Some(Format::Jpeg)
    } else if bytes.starts_with(PNG) {
        Some(Format::Png)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(Format::Gif)
    } else if bytes.starts_with(b"RIFF") && slice(bytes, 8, 4) == Some(b"WEBP") {
        Some(Format::WebP)
    } else if matches!(bytes.get(..4), Some(b"II*\0" | b"MM\0*" | b"II+\0" | b"MM\0+")) {
        Some(Format::Tiff)
    } else if bytes.starts_with(b"BM") && len_le(bytes, 14).is_some_and(|header| (12..=256).contains(&header)) {
        Some(Format::Bmp)
    } else if matches!(bytes.get(..6), Some([0, 0, 1 | 2, 0, 1..=255, 0])) {
        Some(Format::Ico)
    } else {
        heif(bytes)
    }
}

/// The format of a HEIF container, if it is one: told by its brands, and where these leave it open, by its primary picture.
fn heif(bytes: &[u8]) -> Option<Format> {
    let length = len_be(bytes, 0)?;
    let brands = slice(bytes, 0, length).unwrap_or(bytes);
    if slice(brands, 4, 4) != Some(b"ftyp") {
        return None;
    }
    let mut generic = false;
    // The first brand is the main one; a version number stands behind it.
    for brand in brands.get(8..)?.chunks_exact(4) {
        match brand {
            b"avif" | b"avis" => return Some(Format::Avif),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => return Some(Format::Heic),
            b"mif1" | b"mif2" | b"msf1" => generic = true,
            _ => {}
        }
    }
    generic.then(|| if codec::heif_is_av1(bytes) == Some(true) { Format::Avif } else { Format::Heic })
}

/// The error of a header that could not be read, or a better one for a sequence that has no frames to read.
pub(super) fn explain(bytes: &[u8], error: ImageError) -> ImageError {
    match error {
        ImageError::Damaged { format: Format::Avif, .. } | ImageError::Truncated { format: Format::Avif, .. } if is_sequence(bytes) => {
            unknown("an AVIF sequence without frames that can be found".to_owned())
        }
        error => error,
    }
}

/// Whether an AVIF file holds a sequence of images and no still image.
fn is_sequence(bytes: &[u8]) -> bool {
    let brands = len_be(bytes, 0).and_then(|length| slice(bytes, 0, length)).unwrap_or(bytes);
    let mut brands = brands.get(8..).unwrap_or_default().chunks_exact(4);
    brands.any(|brand| matches!(brand, b"msf1" | b"avis")) && samples::has_no_meta_box(bytes)
}

/// What content that is not a readable image looks like, in words.
fn describe(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    if bytes.iter().all(|&byte| byte == 0) {
        return format!("{} bytes that are all 0", bytes.len());
    }
    let text = text::decode(bytes);
    if let Some(name) = signatures::name(bytes, text.is_some()) {
        return name.to_owned();
    }
    if let Some(name) = containers::name(bytes) {
        return name;
    }
    if let Some(name) = samples::name(bytes) {
        return name.to_owned();
    }
    if let Some(name) = behind_other_bytes(bytes) {
        return name;
    }
    if let Some(text) = text {
        return text::name(&text);
    }
    let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{} bytes that start with {}", bytes.len(), start.join(" "))
}

/// Bytes in which a signature is looked for that should stand at the start.
const LEAD: usize = 1024;

/// A PDF document or an image that does not start at the first byte, and a PNG file whose signature is damaged.
fn behind_other_bytes(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(LEAD)).unwrap_or(bytes);
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Some("a PDF document".to_owned());
    }
    // The header chunk stands where it should, give or take a byte that a transfer as text added or took away.
    if head.windows(8).take(16).any(|window| window == b"\0\0\0\x0dIHDR") {
        return Some("a PNG image with a damaged signature, as a transfer in text mode leaves it".to_owned());
    }
    let starts = |rest: &[u8]| match rest {
        [0xff, 0xd8, 0xff, 0xc0..=0xfe, ..] => Some(Format::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        _ if rest.starts_with(PNG) => Some(Format::Png),
        _ => None,
    };
    let (at, format) = (1..head.len()).find_map(|at| Some((at, starts(bytes.get(at..)?)?)))?;
    let count = if at == 1 { "1 other byte".to_owned() } else { format!("{at} other bytes") };
    Some(format!("a {format} image behind {count} (remove what stands before it)"))
}

#[cfg(test)]
mod names;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let cases: [(&[u8], Format); 12] = [
            (b"\xff\xd8\xff\xe0", Format::Jpeg),
            (b"\x89PNG\r\n\x1a\n....", Format::Png),
            (b"GIF87a", Format::Gif),
            (b"GIF89a", Format::Gif),
            (b"RIFF\0\0\0\0WEBPVP8 ", Format::WebP),
            (b"II*\0\x08\0\0\0", Format::Tiff),
            (b"MM\0+\0\x08\0\0", Format::Tiff),
            (b"BM....\0\0\0\0....\x28\0\0\0", Format::Bmp),
            (b"\0\0\x01\0\x02\0", Format::Ico),
            (b"\0\0\0\x14ftypavif\0\0\0\0mif1", Format::Avif),
            (b"\0\0\0\x14ftypmif1\0\0\0\0heic", Format::Heic),
            (b"\0\0\0\x10ftypmif1\0\0\0\0avif", Format::Heic),
        ];
        for (bytes, expected) in cases {
            assert_eq!(format(bytes).unwrap(), expected);
        }
    }
}
