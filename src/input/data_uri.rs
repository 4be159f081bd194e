//! `data:` URIs: the bytes and the name of the file inside.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Fault;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// A data URI, taken apart but not decoded yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DataUri<'a> {
    /// Type and subtype in the sender's spelling, without parameters.
    pub(super) media_type: &'a str,
    base64: bool,
    data: &'a str,
}

impl<'a> DataUri<'a> {
    /// Takes the part after `data:` apart.
    pub(super) fn parse(rest: &'a str) -> Result<Self, Fault> {
        let (head, data) = rest.split_once(',').ok_or(Fault::BadDataUri { reason: "has no comma before the data" })?;
        let (parameters, base64) = head.strip_suffix(";base64").map_or((head, false), |parameters| (parameters, true));
        let media_type = parameters.split(';').next().unwrap_or_default();
        Ok(Self { media_type, base64, data })
    }

    /// The bytes; as in Python, characters that are not base64 are skipped.
    pub(super) fn decode(self, limit: u64) -> Result<Vec<u8>, Fault> {
        let too_many = Fault::TooManyBytes { limit };
        let least = if self.base64 { self.data.len() as u64 / 4 * 3 } else { 0 };
        // Percent signs and skipped characters only make it shorter, so a plain text that is too long by half needs no decoding.
        if least > limit.saturating_mul(2) {
            return Err(too_many);
        }
        let bytes: Vec<u8> =
            if self.data.contains('%') { percent_encoding::percent_decode_str(self.data).collect() } else { self.data.as_bytes().to_vec() };
        let bytes = if self.base64 { decode_base64(bytes)? } else { bytes };
        if bytes.len() as u64 > limit {
            return Err(too_many);
        }
        Ok(bytes)
    }

    /// `file` and the extension that goes with the media type, if one is known.
    pub(super) fn file_name(self) -> String {
        format!("file{}", extension(self.media_type))
    }
}

fn decode_base64(mut text: Vec<u8>) -> Result<Vec<u8>, Fault> {
    if let Ok(bytes) = BASE64.decode(&text) {
        return Ok(bytes);
    }
    text.retain(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    BASE64.decode(&text).map_err(|_| Fault::BadDataUri { reason: "has one base64 character too many" })
}

/// Media types and the extensions of their files; the first line with an extension or a type is the one that counts.
const TYPES: &[(&str, &str)] = &[
    ("text/plain", ".txt"),
    ("text/csv", ".csv"),
    ("text/html", ".html"),
    ("text/markdown", ".md"),
    ("application/json", ".json"),
    ("application/octet-stream", ".bin"),
    ("application/pdf", ".pdf"),
    ("application/x-tar", ".tar"),
    ("application/xml", ".xml"),
    ("text/xml", ".xml"),
    ("application/zip", ".zip"),
    ("image/avif", ".avif"),
    ("image/bmp", ".bmp"),
    ("image/gif", ".gif"),
    ("image/heic", ".heic"),
    ("image/heif", ".heif"),
    ("image/jpeg", ".jpg"),
    ("image/jpg", ".jpg"),
    ("image/jpeg", ".jpeg"),
    ("image/png", ".png"),
    ("image/svg+xml", ".svg"),
    ("image/tiff", ".tiff"),
    ("image/webp", ".webp"),
    ("audio/aac", ".aac"),
    ("audio/flac", ".flac"),
    ("audio/x-flac", ".flac"),
    ("audio/mp4", ".m4a"),
    ("audio/x-m4a", ".m4a"),
    ("audio/mpeg", ".mp3"),
    ("audio/ogg", ".ogg"),
    ("audio/wav", ".wav"),
    ("audio/x-wav", ".wav"),
    ("video/mp4", ".mp4"),
    ("video/mpeg", ".mpeg"),
    ("video/quicktime", ".mov"),
    ("video/webm", ".webm"),
    ("video/x-matroska", ".mkv"),
    ("video/x-msvideo", ".avi"),
];

/// The extension of files of a media type, with its dot; none if it is unknown, that of text if there is no type.
fn extension(media_type: &str) -> &'static str {
    let media_type = if media_type.is_empty() { "text/plain" } else { media_type };
    TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(media_type)).map_or("", |(_, extension)| extension)
}

/// The media type of a file by its extension; `application/octet-stream` if it is unknown.
pub(crate) fn media_type(path: &Path) -> &'static str {
    let own = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let known =
        TYPES.iter().find(|(_, extension)| extension.strip_prefix('.').is_some_and(|extension| extension.eq_ignore_ascii_case(own)));
    known.map_or("application/octet-stream", |(media_type, _)| media_type)
}

/// The content of a file as a data URI.
pub(super) fn from_file(path: &Path) -> io::Result<String> {
    Ok(data_uri_from_bytes(media_type(path), &std::fs::read(path)?))
}

/// Bytes as a data URI.
pub(crate) fn data_uri_from_bytes(media_type: &str, bytes: &[u8]) -> String {
    let mut uri = format!("data:{media_type};base64,");
    BASE64.encode_string(bytes, &mut uri);
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_decoded_as_python_decodes_it() {
        let cases: [(&str, &[u8], &str); 8] = [
            ("text/plain;base64,aGVsbG8=", b"hello", "file.txt"),
            ("image/png;base64,aGVsbG8", b"hello", "file.png"),
            ("image/jpeg;base64,aGVs\nbG8=", b"hello", "file.jpg"),
            (";base64,aGVs*bG8=", b"hello", "file.txt"),
            ("text/plain;charset=utf-8,a%20b", b"a b", "file.txt"),
            ("application/x-unknown;base64,aGVsbG8%3D", b"hello", "file"),
            (",", b"", "file.txt"),
            ("IMAGE/PNG,x", b"x", "file.png"),
        ];
        for (uri, bytes, name) in cases {
            let uri = DataUri::parse(uri).unwrap();
            assert_eq!(uri.decode(100).unwrap(), bytes, "{uri:?}");
            assert_eq!(uri.file_name(), name);
        }
    }

    #[test]
    fn a_file_becomes_a_data_uri_of_its_type() {
        let directory = tempfile::tempdir().unwrap();
        for (name, expected) in [("a.JPEG", "data:image/jpeg;base64,aGVsbG8="), ("a", "data:application/octet-stream;base64,aGVsbG8=")] {
            let path = directory.path().join(name);
            std::fs::write(&path, "hello").unwrap();
            assert_eq!(from_file(&path).unwrap(), expected);
        }
    }

    #[test]
    fn data_beyond_the_limit_is_refused() {
        let uri = DataUri::parse("text/plain,hello").unwrap();
        assert_eq!(uri.decode(4), Err(Fault::TooManyBytes { limit: 4 }));
        assert_eq!(uri.decode(5).unwrap(), b"hello");
    }

    #[test]
    fn a_data_uri_without_a_comma_is_refused() {
        assert!(matches!(DataUri::parse("image/png;base64"), Err(Fault::BadDataUri { .. })));
    }
}
