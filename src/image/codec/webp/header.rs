//! What the chunks of a WebP file say, read without decoding anything.

use std::time::Duration;

use super::super::{
    Colours, Format, ImageError, Info, Size,
    bytes::{len_le, slice, u8_at, u16_le, u24_le, u32_le},
    canvas::{Area, Disposal},
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
            (b"ANMF", _) => {
                // Frames that leave the canvas uncovered, or take themselves off it, show what is transparent, whatever the flags say.
                info.has_alpha |= Frame::parse(data)
                    .is_some_and(|frame| frame.disposal == Disposal::Clear || (info.frames == 0 && !frame.area.covers(info.stored_size)));
                info.frames = info.frames.saturating_add(1);
            }
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

/// Bytes of an `ANMF` chunk before the chunks of its frame.
const FRAME_HEADER: usize = 16;

/// A frame of an animation, as its `ANMF` chunk tells it.
pub(super) struct Frame<'a> {
    pub(super) area: Area,
    pub(super) duration: Duration,
    pub(super) disposal: Disposal,
    /// Whether it is put over what is on the canvas; else it takes its place.
    pub(super) is_blended: bool,
    /// The chunks of its image.
    pub(super) chunks: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The frame in an `ANMF` chunk; none if its header is not all there.
    pub(super) fn parse(data: &'a [u8]) -> Option<Self> {
        let [left, top, width, height, duration] =
            [0, 3, 6, 9, 12].map(|at| u24_le(data, at).and_then(|value| usize::try_from(value).ok()));
        let flags = u8_at(data, 15)?;
        Some(Self {
            area: Area { left: left? * 2, top: top? * 2, width: width? + 1, height: height? + 1 },
            duration: Duration::from_millis(u64::try_from(duration?).ok()?),
            disposal: if flags & 1 == 1 { Disposal::Clear } else { Disposal::Keep },
            is_blended: flags & 2 == 0,
            chunks: data.get(FRAME_HEADER..)?,
        })
    }
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

/// The bytes of a lossy image, as far as they are there.
#[derive(Clone, Copy)]
pub(super) struct Lossy<'a> {
    pub(super) data: &'a [u8],
    /// Whether the file ends before they do.
    pub(super) is_cut: bool,
}

/// The bytes of a lossy image.
pub(super) fn lossy(bytes: &[u8]) -> Option<Lossy<'_>> {
    let mut chunks = Chunks::new(bytes);
    let (_, data) = chunks.find(|(name, _)| name == b"VP8 ")?;
    Some(Lossy { data, is_cut: chunks.is_cut })
}

/// Whether the file is as long as it says.
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    bytes.len() >= length(bytes)
}

/// How long the file says it is, in bytes.
pub(super) fn length(bytes: &[u8]) -> usize {
    len_le(bytes, 4).map_or(usize::MAX, |length| length.saturating_add(CHUNK_HEADER))
}

/// Walks the chunks with the data that is there; the last one may be cut off.
pub(super) struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether the last chunk was shorter than it says.
    pub(super) is_cut: bool,
}

impl<'a> Chunks<'a> {
    /// The chunks of a file.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 12, is_cut: false }
    }

    /// The chunks within another one, behind `at` bytes of its own.
    pub(super) const fn within(data: &'a [u8], at: usize) -> Self {
        Self { bytes: data, at, is_cut: false }
    }

    /// Where the next chunk starts, if there is one.
    pub(super) const fn position(&self) -> usize {
        self.at
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
        self.is_cut = data.len() < length;
        Some((name, data.get(..length).unwrap_or(data)))
    }
}
