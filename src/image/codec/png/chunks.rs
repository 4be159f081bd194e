//! The chunks of a PNG file, walked without decoding anything.

use super::super::bytes::{len_be, slice};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk that is all there, but for its checksum perhaps.
#[derive(Clone, Copy)]
pub(in super::super) struct Chunk<'a> {
    pub(in super::super) name: [u8; 4],
    pub(in super::super) data: &'a [u8],
    /// Length, name, data and checksum.
    pub(super) whole: &'a [u8],
}

impl Chunk<'_> {
    /// Whether a decoder cannot do without it (PNG, section 5.4).
    pub(super) const fn is_critical(&self) -> bool {
        self.name[0] & 0x20 == 0
    }
}

/// Walks the chunks; ends behind IEND and where the file is cut off.
#[derive(Clone)]
pub(in super::super) struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
    is_at_end: bool,
}

impl<'a> Chunks<'a> {
    pub(in super::super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: SIGNATURE.len(), is_at_end: false }
    }

    /// What follows the last chunk: part of another where the file is cut off.
    pub(super) fn rest(&self) -> &'a [u8] {
        if self.is_at_end { &[] } else { self.bytes.get(self.at..).unwrap_or_default() }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        if self.is_at_end {
            return None;
        }
        let length = len_be(self.bytes, self.at)?;
        let name = slice(self.bytes, self.at + 4, 4)?.try_into().ok()?;
        let data = slice(self.bytes, self.at + 8, length)?;
        let end = self.at.checked_add(length)?.checked_add(12)?;
        let whole = self.bytes.get(self.at..end.min(self.bytes.len()))?;
        self.is_at_end = name == *b"IEND";
        self.at = end;
        Some(Chunk { name, data, whole })
    }
}
