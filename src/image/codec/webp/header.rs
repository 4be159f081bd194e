//! What the chunks of a WebP file say, read without decoding anything.

use super::super::{
    Colours, Format, ImageError, Info, Size,
    bytes::{len_le, slice, u8_at, u16_le, u24_le, u32_le},
    exif, xmp,
};

const CHUNK_HEADER: usize = 8;
// The flags of the VP8X chunk (RFC 9649, section 2.7.1).
const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;
const HAS_ALPHA: u8 = 0x10;
const HAS_PROFILE: u8 = 0x20;

/// Canvas size, alpha, frames and orientation.
pub(in super::super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let mut info = Info { frames: 0, ..Info::new(Format::WebP, Size::new(0, 0)) };
    let (mut exif, mut packet) = (None, None);
    let flags = flags(bytes);
    for (index, (name, data)) in Chunks::new(bytes).enumerate() {
        match (name, index) {
            (b"VP8X", 0) => {
                let (Some(width), Some(height)) = (u24_le(data, 4), u24_le(data, 7)) else { break };
                info.stored_size = Size::new(width + 1, height + 1);
                info.has_alpha = flags & HAS_ALPHA != 0;
            }
            (b"VP8 ", 0) => {
                let (Some(width), Some(height)) = (u16_le(data, 6), u16_le(data, 8)) else { break };
                info.stored_size = Size::new((width & 0x3fff).into(), (height & 0x3fff).into());
            }
            (b"VP8L", 0) => {
                let Some(bits) = u32_le(data, 1) else { break };
                info.stored_size = Size::new((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
                info.has_alpha = bits >> 28 & 1 == 1;
            }
            (b"ANMF", _) => info.frames = info.frames.saturating_add(1),
            (b"EXIF", _) if flags & HAS_EXIF != 0 => exif = exif.or(Some(data)),
            (b"XMP ", _) if flags & HAS_XMP != 0 => packet = packet.or(Some(data)),
            _ => {}
        }
    }
    if info.stored_size.is_empty() {
        return Err(ImageError::Truncated { format: Format::WebP, reason: "its header is not all there".to_owned() });
    }
    info.orientation = exif.and_then(exif::orientation).or_else(|| packet.and_then(xmp::orientation)).unwrap_or_default();
    info.frames = info.frames.max(1);
    Ok(info)
}

/// The flags of the VP8X chunk; without that chunk a file has none, and chunks that flags do not announce do not count.
fn flags(bytes: &[u8]) -> u8 {
    Chunks::new(bytes).next().filter(|(name, _)| name == b"VP8X").and_then(|(_, data)| u8_at(data, 0)).unwrap_or(0)
}

/// The colour profile, if there is one.
pub(in super::super) fn colours(bytes: &[u8]) -> Option<Colours<'_>> {
    if flags(bytes) & HAS_PROFILE == 0 {
        return None;
    }
    let profile = Chunks::new(bytes).take(2).find(|(name, _)| name == b"ICCP")?.1;
    Some(Colours::Icc(profile.into()))
}

/// How the pixels of a file are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// A still picture in VP8, with alpha or without.
    Lossy,
    /// A still picture in VP8L.
    Lossless,
    /// Frames.
    Animation,
}

/// How the pixels are coded, if there are any.
pub(super) fn coding(bytes: &[u8]) -> Option<Coding> {
    Chunks::new(bytes).find_map(|(name, _)| match name {
        b"VP8 " => Some(Coding::Lossy),
        b"VP8L" => Some(Coding::Lossless),
        b"ANMF" => Some(Coding::Animation),
        _ => None,
    })
}

/// The bytes of a lossy picture, as far as they are there.
pub(super) fn lossy(bytes: &[u8]) -> Option<&[u8]> {
    Chunks::new(bytes).find(|(name, _)| name == b"VP8 ").map(|(_, data)| data)
}

/// Whether the file is as long as it says.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    len_le(bytes, 4).is_some_and(|length| bytes.len().saturating_sub(CHUNK_HEADER) >= length)
}

/// Walks the chunks with the data that is there; the last one may be cut off.
struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Chunks<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 12 }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let name = slice(self.bytes, self.at, 4)?;
        let length = len_le(self.bytes, self.at + 4)?;
        let start = self.at + CHUNK_HEADER;
        let data = self.bytes.get(start..)?;
        // Chunks are padded to even lengths.
        self.at = start.checked_add(length)?.checked_add(length % 2)?;
        Some((name, data.get(..length).unwrap_or(data)))
    }
}
