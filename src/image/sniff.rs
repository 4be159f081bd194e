//! Tells a file's format from its content; names and extensions are never asked.

use super::{
    Format, ImageError,
    bytes::{len_be, len_le, slice},
    codec,
};

/// The formats that can be read, as error messages name them.
pub(super) const READABLE: &str = "JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP or ICO";

/// The format that `bytes` start like.
///
/// # Errors
/// [`ImageError::UnknownFormat`], which says what the bytes look like instead.
pub(super) fn format(bytes: &[u8]) -> Result<Format, ImageError> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        Ok(Format::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(Format::Png)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Ok(Format::Gif)
    } else if bytes.starts_with(b"RIFF") && slice(bytes, 8, 4) == Some(b"WEBP") {
        Ok(Format::WebP)
    } else if matches!(bytes.get(..4), Some(b"II*\0" | b"MM\0*" | b"II+\0" | b"MM\0+")) {
        Ok(Format::Tiff)
    } else if bytes.starts_with(b"BM") && len_le(bytes, 14).is_some_and(|header| (12..=256).contains(&header)) {
        Ok(Format::Bmp)
    } else if matches!(bytes.get(..6), Some([0, 0, 1 | 2, 0, 1..=255, 0])) {
        Ok(Format::Ico)
    } else if let Some(format) = heif(bytes) {
        Ok(format)
    } else {
        Err(ImageError::UnknownFormat { found: describe(bytes), expected: READABLE })
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

/// What content that is no readable picture looks like, in words.
fn describe(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    let known: [(&[u8], &str); 13] = [
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b", "gzip data"),
        (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
        (b"OggS", "an Ogg file"),
        (b"ID3", "an MP3 file"),
        (b"8BPS", "a Photoshop document"),
        (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
        (b"\xff\x0a", "a JPEG XL picture"),
        (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
        (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
        (b"\x93NUMPY", "a NumPy array"),
        (b"version https://git-lfs", "a Git LFS pointer"),
    ];
    if let Some((_, name)) = known.iter().find(|(start, _)| bytes.starts_with(start)) {
        return (*name).to_owned();
    }
    if slice(bytes, 4, 4) == Some(b"ftyp") {
        let brand = slice(bytes, 8, 4).unwrap_or_default();
        return format!("an MP4-like file of the kind `{}`", brand.escape_ascii());
    }
    if let Some(text) = text(bytes) {
        return text;
    }
    let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{} bytes that start with {}", bytes.len(), start.join(" "))
}

/// What kind of text the bytes start with, if they do.
fn text(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..bytes.len().min(512))?;
    let start = match std::str::from_utf8(start) {
        Ok(start) => start,
        // A character may be cut in two at the end of what was looked at.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    if start.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let trimmed = start.trim_start_matches('\u{feff}').trim_start();
    let lower = trimmed.to_ascii_lowercase();
    Some(if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        "an HTML page".to_owned()
    } else if lower.starts_with("<svg") || (lower.starts_with("<?xml") && lower.contains("<svg")) {
        "an SVG drawing".to_owned()
    } else if lower.starts_with("<?xml") {
        "an XML document".to_owned()
    } else if lower.starts_with("data:") {
        "the text of a data URI".to_owned()
    } else {
        let shown: String = trimmed.chars().take(24).collect();
        format!("text that starts with {shown:?}")
    })
}

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

    #[test]
    fn what_is_no_picture_is_named_for_what_it_looks_like() {
        let cases: [(&[u8], &str); 10] = [
            (b"", "an empty file"),
            (b"%PDF-1.7", "a PDF document"),
            (b"<!DOCTYPE html><html>", "an HTML page"),
            (b"\n<html lang=en>", "an HTML page"),
            (b"<?xml version='1.0'?><svg>", "an SVG drawing"),
            (b"hello there", "text that starts with \"hello there\""),
            ("caf\u{e9}".as_bytes(), "text that starts with \"caf\u{e9}\""),
            (b"\x01\x02\x03", "3 bytes that start with 01 02 03"),
            (b"....ftypqt  ....", "an MP4-like file of the kind `qt  `"),
            (b"RIFF\0\0\0\0WAVE", "12 bytes that start with 52 49 46 46 00 00 00 00"),
        ];
        for (bytes, expected) in cases {
            let error = format(bytes).unwrap_err().to_string();
            assert_eq!(error, format!("not a picture in a known format: found {expected}, expected {READABLE}"));
        }
    }
}
