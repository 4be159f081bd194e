//! A PNG file as the decoder is to see it: the chunks with pixels and what belongs to them, without faults that do not matter.
//!
//! Chunks that say nothing about pixels are left out, and so cannot do harm. A checksum that is wrong, a compression method or a palette length that
//! cannot be, and critical chunks that nobody knows are passed over, as Pillow and libspng do; the image is flagged as damaged. A missing end is added.

use std::{
    borrow::Cow,
    io::{BufRead, Error, ErrorKind, Read, Result, Seek, SeekFrom},
};

use flate2::Crc;

use super::{
    super::bytes::{u8_at, u32_be},
    chunks::{Chunk, Chunks, SIGNATURE},
};

const INDEXED: u8 = 3;
/// Bytes of the longest palette.
const MAX_PALETTE: usize = 768;
const END: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Which frames are to be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frames {
    /// The image for programs that know no animations.
    Still,
    /// All of them.
    All,
}

/// The chunks, read one after the other.
pub(super) struct Stream<'a> {
    chunks: Chunks<'a>,
    frames: Frames,
    /// The chunk that is being read, and how far it is.
    part: Cow<'a, [u8]>,
    at: usize,
    /// The kind of samples, once the header was read.
    colour: Option<u8>,
    has_palette: bool,
    has_pixels: bool,
    is_at_end: bool,
}

impl<'a> Stream<'a> {
    pub(super) fn new(bytes: &'a [u8], frames: Frames) -> Self {
        Self {
            chunks: Chunks::new(bytes),
            frames,
            part: Cow::Borrowed(SIGNATURE),
            at: 0,
            colour: None,
            has_palette: false,
            has_pixels: false,
            is_at_end: false,
        }
    }

    /// The next chunk for the decoder; none at the end.
    fn next_part(&mut self) -> Option<Cow<'a, [u8]>> {
        while !self.is_at_end {
            let Some(chunk) = self.chunks.next() else {
                self.is_at_end = true;
                let rest = self.chunks.rest();
                // Pixels that are cut off are for the decoder to find, and so is a file that ends before them.
                let has_pixels = match rest.get(4..8) {
                    Some(b"IDAT") => true,
                    Some(b"fdAT") => self.frames == Frames::All,
                    _ => false,
                };
                return if has_pixels || !self.has_pixels {
                    (!rest.is_empty()).then_some(Cow::Borrowed(rest))
                } else {
                    Some(Cow::Borrowed(END))
                };
            };
            let part = self.part_of(chunk);
            if part.is_some() {
                return part;
            }
        }
        None
    }

    /// What the decoder is to see of a chunk; none if it is to see nothing.
    fn part_of(&mut self, chunk: Chunk<'a>) -> Option<Cow<'a, [u8]>> {
        match &chunk.name {
            b"IHDR" if self.colour.is_none() => {
                self.colour = Some(u8_at(chunk.data, 9).unwrap_or(0));
                let mut whole = Cow::Borrowed(chunk.whole);
                // The only compression method there is.
                if let Some(method) = chunk.whole.get(18).filter(|&&method| method != 0).and_then(|_| whole.to_mut().get_mut(18)) {
                    *method = 0;
                }
                Some(whole)
            }
            b"PLTE" if self.colour == Some(INDEXED) && !self.has_palette => {
                let length = (chunk.data.len() - chunk.data.len() % 3).min(MAX_PALETTE);
                self.has_palette = length > 0;
                let palette = chunk.data.get(..length).filter(|palette| !palette.is_empty())?;
                if length == chunk.data.len() {
                    return Some(Cow::Borrowed(chunk.whole));
                }
                let length = u32::try_from(length).unwrap_or(0).to_be_bytes();
                Some(Cow::Owned([&length, b"PLTE".as_slice(), palette, &[0; 4]].concat()))
            }
            b"tRNS" => Some(Cow::Borrowed(chunk.whole)),
            b"IDAT" => {
                self.has_pixels = true;
                Some(Cow::Borrowed(chunk.whole))
            }
            b"acTL" | b"fcTL" | b"fdAT" if self.frames == Frames::All => Some(Cow::Borrowed(chunk.whole)),
            b"IEND" => {
                self.is_at_end = true;
                Some(Cow::Borrowed(END))
            }
            _ => None,
        }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, to: &mut [u8]) -> Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        while self.at >= self.part.len() {
            let Some(part) = self.next_part() else { break };
            (self.part, self.at) = (part, 0);
        }
        Ok(self.part.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.part.len());
    }
}

impl Seek for Stream<'_> {
    /// The decoder asks for it and makes no use of it.
    fn seek(&mut self, _: SeekFrom) -> Result<u64> {
        Err(Error::new(ErrorKind::Unsupported, "a stream of chunks is read from start to end"))
    }
}

/// Whether a file has faults that the stream passes over.
pub(super) fn is_damaged(bytes: &[u8], frames: Frames) -> bool {
    let mut colour = None;
    Chunks::new(bytes).any(|chunk| {
        let is_odd = match &chunk.name {
            b"IHDR" => {
                let is_second = colour.is_some();
                colour = u8_at(chunk.data, 9);
                is_second || u8_at(chunk.data, 10) != Some(0)
            }
            b"PLTE" => colour == Some(INDEXED) && (chunk.data.is_empty() || chunk.data.len() % 3 != 0 || chunk.data.len() > MAX_PALETTE),
            b"IEND" => return false,
            b"IDAT" | b"tRNS" => false,
            b"acTL" | b"fcTL" | b"fdAT" if frames == Frames::All => false,
            _ => return chunk.is_critical(),
        };
        is_odd || !has_right_checksum(&chunk)
    })
}

/// Whether the checksum of a chunk is that of its name and data; one that is cut off counts as right.
fn has_right_checksum(chunk: &Chunk<'_>) -> bool {
    let Some(stored) = u32_be(chunk.whole, chunk.data.len() + 8) else { return true };
    let mut crc = Crc::new();
    crc.update(&chunk.name);
    crc.update(chunk.data);
    crc.sum() == stored
}
