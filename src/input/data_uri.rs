//! `data:` URIs (RFC 2397): the bytes and the name of the file inside.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::limits::ByteLimit;
use super::{Fault, media_type};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// The type of data that names none (RFC 2397 section 3).
const DEFAULT_TYPE: &str = "text/plain";

/// A data URI, split into its parts but not decoded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataUri<'a> {
    /// Type and subtype in the sender's spelling, without parameters.
    media_type: Cow<'a, str>,
    base64: bool,
    data: &'a str,
}

impl<'a> DataUri<'a> {
    /// Splits the part after `data:`.
    pub(super) fn parse(rest: &'a str) -> Result<Self, Fault> {
        let (head, data) = rest.split_once(',').ok_or(Fault::BadDataUri { reason: "has no comma before the data" })?;
        let head = percent_encoding::percent_decode_str(head).decode_utf8_lossy();
        // The token is the last one in RFC 2397; senders put parameters behind it all the same.
        let base64 = head.split(';').any(|parameter| parameter.trim().eq_ignore_ascii_case("base64"));
        let media_type = match head {
            Cow::Borrowed(head) => Cow::Borrowed(essence(head)),
            Cow::Owned(head) => Cow::Owned(essence(&head).to_owned()),
        };
        Ok(Self { media_type, base64, data })
    }

    /// The bytes, at most as many as `limit` says.
    pub(super) fn decode(&self, limit: ByteLimit) -> Result<Vec<u8>, Fault> {
        // A percent-encoded byte takes three characters, and white space is removed, so a text that is far too long needs no decoding.
        let least = if self.base64 { self.data.len() as u64 / 12 * 3 } else { self.data.len() as u64 / 3 };
        if least > limit.bytes && !self.data.bytes().any(|byte| byte.is_ascii_whitespace()) {
            return Err(limit.exceeded());
        }
        let bytes: Vec<u8> =
            if self.data.contains('%') { percent_encoding::percent_decode_str(self.data).collect() } else { self.data.as_bytes().to_vec() };
        let bytes = if self.base64 { decode_base64(bytes)? } else { bytes };
        if bytes.len() as u64 > limit.bytes {
            return Err(limit.exceeded());
        }
        Ok(bytes)
    }

    /// `file` and the extension that goes with the media type, if one is known.
    pub(super) fn file_name(&self) -> String {
        let media_type = if self.media_type.is_empty() { DEFAULT_TYPE } else { &self.media_type };
        media_type::extension(media_type).map_or_else(|| "file".to_owned(), |extension| format!("file.{extension}"))
    }
}

/// Type and subtype, without parameters.
fn essence(head: &str) -> &str {
    head.split(';').next().unwrap_or_default().trim()
}

/// The bytes of base64 in the standard or the URL-safe alphabet (RFC 4648 sections 4 and 5), with or without padding, in one line or several.
fn decode_base64(mut text: Vec<u8>) -> Result<Vec<u8>, Fault> {
    if let Ok(bytes) = BASE64.decode(&text) {
        return Ok(bytes);
    }
    text.retain(|byte| !byte.is_ascii_whitespace());
    let length = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    if text.len() - length > 2 {
        return Err(Fault::BadDataUri { reason: "ends with more than two padding characters" });
    }
    text.truncate(length);
    for byte in &mut text {
        match *byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            b'=' => return Err(Fault::BadDataUri { reason: "has base64 padding before its end" }),
            other if other.is_ascii_alphanumeric() || matches!(other, b'+' | b'/') => {}
            _ => return Err(Fault::BadDataUri { reason: "has characters that are not base64" }),
        }
    }
    // Every character was checked, so only the length can be wrong.
    BASE64.decode(&text).map_err(|_| Fault::BadDataUri { reason: "has one base64 character too many, or was cut off" })
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

    fn limit(bytes: u64) -> ByteLimit {
        ByteLimit { bytes, flag: "max-file-bytes" }
    }

    fn decoded(rest: &str) -> Result<(Vec<u8>, String), Fault> {
        let uri = DataUri::parse(rest)?;
        Ok((uri.decode(limit(100))?, uri.file_name()))
    }

    #[test]
    fn data_is_decoded_in_every_form() {
        let cases: [(&str, &[u8], &str); 21] = [
            ("text/plain;base64,aGVsbG8=", b"hello", "file.txt"),
            ("image/png;base64,aGVsbG8", b"hello", "file.png"),
            ("image/png;BASE64,aGVsbG8=", b"hello", "file.png"),
            ("image/png;Base64,aGVsbG8=", b"hello", "file.png"),
            ("image/png; base64 ,aGVsbG8=", b"hello", "file.png"),
            ("image/png;name=a.png;base64,aGVsbG8=", b"hello", "file.png"),
            ("image/png;base64;name=a.png,aGVsbG8=", b"hello", "file.png"),
            ("image%2Fpng%3Bbase64,aGVsbG8=", b"hello", "file.png"),
            ("image/jpeg;base64,aGVs\nbG8=", b"hello", "file.jpg"),
            ("image/jpeg;base64, aGVs \t\r\n bG8 = ", b"hello", "file.jpg"),
            ("image/png;base64,-_-_", &[0xfb, 0xff, 0xbf], "file.png"),
            ("image/png;base64,-_+/", &[0xfb, 0xff, 0xbf], "file.png"),
            ("image/png;base64,-_8", &[0xfb, 0xff], "file.png"),
            ("image/png;base64,%2D%5F%2d%5f", &[0xfb, 0xff, 0xbf], "file.png"),
            ("image/png;base64,aGVsb%47%38%3D", b"hello", "file.png"),
            ("text/plain;charset=utf-8,a%20b", b"a b", "file.txt"),
            ("application/x-unknown;base64,aGVsbG8%3D", b"hello", "file"),
            (";base64,aGVsbG8=", b"hello", "file.txt"),
            (",", b"", "file.txt"),
            ("image/png;base64,", b"", "file.png"),
            ("IMAGE/PNG,x", b"x", "file.png"),
        ];
        for (uri, bytes, name) in cases {
            assert_eq!(decoded(uri), Ok((bytes.to_vec(), name.to_owned())), "{uri}");
        }
    }

    #[test]
    fn what_is_not_base64_is_refused_and_never_passed_on() {
        for (data, expected) in [
            ("aGVs*bG8=", "characters that are not base64"),
            ("***", "characters that are not base64"),
            ("hällo", "characters that are not base64"),
            ("aGVsbG8#", "characters that are not base64"),
            ("aGVs\0bG8=", "characters that are not base64"),
            ("aGV=sbG8=", "padding before its end"),
            ("aGVsbG8===", "more than two padding characters"),
            ("====", "more than two padding characters"),
            ("aGVsb", "one base64 character too many"),
            ("a", "one base64 character too many"),
        ] {
            let fault = decoded(&format!("image/png;base64,{data}")).unwrap_err();
            assert!(fault.to_string().contains(expected), "{data}: {fault}");
        }
        assert!(matches!(DataUri::parse("image/png;base64"), Err(Fault::BadDataUri { .. })));
    }

    #[test]
    fn data_beyond_the_limit_is_refused() {
        let uri = DataUri::parse("text/plain,hello").unwrap();
        assert_eq!(uri.decode(limit(4)), Err(limit(4).exceeded()));
        assert_eq!(uri.decode(limit(5)).unwrap(), b"hello");
        let long = format!(";base64,{}", "AAAA".repeat(1000));
        assert_eq!(DataUri::parse(&long).unwrap().decode(limit(10)), Err(limit(10).exceeded()));
    }
}
