//! EXIF and XMP in the chunks of a PNG file: in eXIf, in text, and in text as ImageMagick writes it, in hexadecimal digits.

use std::{borrow::Cow, io::Read};

use flate2::read::ZlibDecoder;

use super::{
    super::{Orientation, exif, xmp},
    chunks::Chunk,
};

/// What an APP1 segment of JPEG with XMP starts with, which ImageMagick keeps.
const XMP_IN_APP1: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The chunks that may say how the image must be turned; of each kind the first.
#[derive(Default)]
pub(super) struct Metadata<'a> {
    exif: Option<&'a [u8]>,
    exif_profile: Option<Chunk<'a>>,
    app1_profile: Option<Chunk<'a>>,
    xmp: Option<Chunk<'a>>,
    xmp_profile: Option<Chunk<'a>>,
}

impl<'a> Metadata<'a> {
    /// Keeps a chunk if it is one of these.
    pub(super) fn note(&mut self, chunk: Chunk<'a>) {
        let place = match &chunk.name {
            b"eXIf" => {
                self.exif = self.exif.or(Some(chunk.data));
                return;
            }
            b"tEXt" | b"zTXt" | b"iTXt" => match keyword(chunk.data) {
                b"Raw profile type exif" => &mut self.exif_profile,
                b"Raw profile type APP1" | b"Raw profile type app1" => &mut self.app1_profile,
                b"XML:com.adobe.xmp" => &mut self.xmp,
                b"Raw profile type xmp" => &mut self.xmp_profile,
                _ => return,
            },
            _ => return,
        };
        *place = place.or(Some(chunk));
    }

    /// The orientation: EXIF wins over XMP, a chunk of its own over text. Texts are decompressed only where they are needed.
    pub(super) fn orientation(&self) -> Option<Orientation> {
        let profile = |chunk: Option<Chunk<'_>>| raw_profile(&text(&chunk?)?);
        let exif = match self.exif {
            Some(data) => exif::orientation(data),
            None => profile(self.exif_profile).and_then(|data| exif::orientation(&data)),
        };
        exif.or_else(|| {
            let data = profile(self.app1_profile)?;
            data.strip_prefix(XMP_IN_APP1).map_or_else(|| exif::orientation(&data), xmp::orientation)
        })
        .or_else(|| xmp::orientation(&text(&self.xmp?)?))
        .or_else(|| xmp::orientation(&profile(self.xmp_profile)?))
    }
}

fn keyword(data: &[u8]) -> &[u8] {
    data.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// The text of a text chunk (PNG, section 11.3.3), decompressed up to a limit.
fn text<'a>(chunk: &Chunk<'a>) -> Option<Cow<'a, [u8]>> {
    let rest = chunk.data.get(keyword(chunk.data).len() + 1..)?;
    match (&chunk.name, rest) {
        (b"tEXt", _) => Some(Cow::Borrowed(rest)),
        (b"zTXt", [0, compressed @ ..]) => Some(Cow::Owned(inflated(compressed))),
        (b"iTXt", [flag, method, rest @ ..]) => {
            // The language and the translated keyword end with a zero each.
            let rest = rest.splitn(3, |&byte| byte == 0).nth(2)?;
            match (flag, method) {
                (0, _) => Some(Cow::Borrowed(rest)),
                (1, 0) => Some(Cow::Owned(inflated(rest))),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What can be decompressed, up to the longest packet that is read.
fn inflated(compressed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let _ = ZlibDecoder::new(compressed).take(2 * xmp::MAX_BYTES as u64).read_to_end(&mut text);
    text
}

/// The bytes of a raw profile: a line with its name, one with its length, and hexadecimal digits.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.trim_ascii_start().splitn(3, |&byte| byte == b'\n');
    let (_, _, digits) = (lines.next()?, lines.next()?, lines.next()?);
    let digits: Option<Vec<u8>> = digits
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|&byte| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    Some(digits?.as_chunks::<2>().0.iter().map(|&[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;

    const TURNED: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    const MIRRORED: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x02\0\0\0\0\0\0";
    const WITHOUT: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    const PACKET: &[u8] = b"<x:xmpmeta><rdf:Description tiff:Orientation=\"8\"/></x:xmpmeta>";

    fn zipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn raw(kind: &str, data: &[u8]) -> Vec<u8> {
        let digits: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
        let lines: Vec<&str> = digits.as_bytes().chunks(72).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("\n{kind}\n{:8}\n{}\n", data.len(), lines.join("\n")).into_bytes()
    }

    fn orientation(chunks: &[(&[u8; 4], Vec<u8>)]) -> Option<u8> {
        let mut metadata = Metadata::default();
        for (name, data) in chunks {
            metadata.note(Chunk { name: **name, data, whole: &[] });
        }
        metadata.orientation().map(Orientation::to_exif)
    }

    #[test]
    fn every_kind_of_chunk_tells_the_orientation() {
        let app1 = [b"Exif\0\0".as_slice(), TURNED].concat();
        let app1_xmp = [XMP_IN_APP1, PACKET].concat();
        let cases: [(&[u8; 4], Vec<u8>, u8); 10] = [
            (b"eXIf", TURNED.to_vec(), 6),
            (b"eXIf", app1.clone(), 6),
            (b"tEXt", [b"Raw profile type exif\0".as_slice(), &raw("exif", TURNED)].concat(), 6),
            (b"zTXt", [b"Raw profile type exif\0\0".as_slice(), &zipped(&raw("exif", &app1))].concat(), 6),
            (b"zTXt", [b"Raw profile type APP1\0\0".as_slice(), &zipped(&raw("generic profile", &app1))].concat(), 6),
            (b"zTXt", [b"Raw profile type APP1\0\0".as_slice(), &zipped(&raw("generic profile", &app1_xmp))].concat(), 8),
            (b"iTXt", [b"Raw profile type xmp\0\x01\0\0\0".as_slice(), &zipped(&raw("xmp", PACKET))].concat(), 8),
            (b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), PACKET].concat(), 8),
            (b"iTXt", [b"XML:com.adobe.xmp\0\x01\0en\0x\0".as_slice(), &zipped(PACKET)].concat(), 8),
            (b"zTXt", [b"XML:com.adobe.xmp\0\0".as_slice(), &zipped(PACKET)].concat(), 8),
        ];
        for (name, data, expected) in cases {
            assert_eq!(orientation(&[(name, data.clone())]), Some(expected), "{}", data.escape_ascii());
        }
    }

    #[test]
    fn exif_wins_over_xmp_and_a_chunk_over_text() {
        let packet = || (b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), PACKET].concat());
        let text = |data: &[u8]| (b"tEXt", [b"Raw profile type exif\0".as_slice(), &raw("exif", data)].concat());
        assert_eq!(orientation(&[packet(), text(MIRRORED), (b"eXIf", TURNED.to_vec())]), Some(6));
        assert_eq!(orientation(&[packet(), text(TURNED)]), Some(6));
        assert_eq!(orientation(&[packet(), text(WITHOUT)]), Some(8), "EXIF that says nothing leaves it to XMP");
        // As in Pillow, text is not looked at where there is a chunk.
        assert_eq!(orientation(&[text(TURNED), (b"eXIf", WITHOUT.to_vec())]), None);
    }

    #[test]
    fn text_that_is_damaged_or_of_another_kind_tells_nothing() {
        let cases: [(&[u8; 4], Vec<u8>); 6] = [
            (b"tEXt", b"Raw profile type exif".to_vec()),
            (b"tEXt", b"Raw profile type exif\0\nexif\n  26\nxyz".to_vec()),
            (b"zTXt", b"Raw profile type exif\0\0not compressed".to_vec()),
            (b"iTXt", b"XML:com.adobe.xmp\0\0".to_vec()),
            (b"iTXt", b"XML:com.adobe.xmp\0\x07\0\0\0".to_vec()),
            (b"tEXt", [b"Comment\0".as_slice(), &raw("exif", TURNED)].concat()),
        ];
        for (name, data) in cases {
            assert_eq!(orientation(&[(name, data.clone())]), None, "{}", data.escape_ascii());
        }
    }
}
