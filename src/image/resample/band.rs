//! The rows that are in memory right now.

use super::super::{Channels, ImageError, Rows, Size};
use super::{at_least, premultiply};

/// Bytes of rows that are read at once only to get past them.
const SKIPPED_BYTES: usize = 512 << 10;

/// The rows that are in memory right now: a window that moves down the picture.
pub(super) struct Band<'a> {
    rows: &'a mut dyn Rows,
    bytes: &'a mut Vec<u8>,
    /// Width and height of what the decoder hands out.
    pub(super) source: Size,
    channels: Channels,
    /// The number of the first row held.
    first: u32,
    /// How many rows are held.
    held: u32,
}

impl<'a> Band<'a> {
    /// Nothing held yet; `bytes` is where rows will go.
    pub(super) fn new(rows: &'a mut dyn Rows, bytes: &'a mut Vec<u8>) -> Self {
        Self { source: rows.size(), channels: rows.channels(), rows, bytes, first: 0, held: 0 }
    }

    /// Everything held already: `bytes` are all rows there are.
    pub(super) fn whole(rows: &'a mut dyn Rows, bytes: &'a mut Vec<u8>) -> Result<Self, ImageError> {
        let mut band = Self::new(rows, bytes);
        band.held = band.source.height;
        premultiply(band.bytes, band.source, band.channels)?;
        Ok(band)
    }

    /// Whether all rows are held.
    pub(super) fn is_whole(&self) -> bool {
        self.held == self.source.height
    }

    fn row_bytes(&self) -> usize {
        self.source.width as usize * self.channels.count()
    }

    /// How many rows fill this many bytes; at least 1.
    pub(super) fn rows_in(&self, bytes: usize) -> u32 {
        u32::try_from(bytes / self.row_bytes().max(1)).unwrap_or(u32::MAX).max(1)
    }

    /// The rows `from..to`, premultiplied. Windows only ever move down: rows above `from` may be gone from now on.
    pub(super) fn rows(&mut self, from: u32, to: u32) -> Result<&[u8], ImageError> {
        if to > self.first + self.held {
            self.advance(from, to)?;
        }
        let row_bytes = self.row_bytes();
        let range = (from - self.first) as usize * row_bytes..(to - self.first) as usize * row_bytes;
        self.bytes.get(range).ok_or(ImageError::WrongLength { found: self.bytes.len() as u64, expected: row_bytes as u64 })
    }

    /// Lets go of the rows above `from` and reads on as far as `to`.
    fn advance(&mut self, from: u32, to: u32) -> Result<(), ImageError> {
        let row_bytes = self.row_bytes();
        let passed = from.saturating_sub(self.first).min(self.held);
        if passed > 0 {
            self.bytes.copy_within(passed as usize * row_bytes..self.held as usize * row_bytes, 0);
            self.first += passed;
            self.held -= passed;
        }
        while self.first + self.held < from {
            // Nothing is held here: these rows are read only to get past them.
            let rows = (from - self.first).min(self.rows_in(SKIPPED_BYTES));
            let read = read(self.rows, at_least(self.bytes, rows as usize * row_bytes), row_bytes)?;
            self.first += read;
        }
        let wanted = to - self.first;
        let bytes = at_least(self.bytes, wanted as usize * row_bytes);
        while self.held < wanted {
            let Some(free) = bytes.get_mut(self.held as usize * row_bytes..) else { break };
            let rows = read(self.rows, free, row_bytes)?;
            premultiply(free, Size::new(self.source.width, rows), self.channels)?;
            self.held += rows;
        }
        Ok(())
    }

    /// Reads whole rows from row `from` on straight into the result.
    pub(super) fn copy_to(&mut self, from: u32, output: &mut [u8]) -> Result<(), ImageError> {
        self.advance(from, from)?;
        let row_bytes = self.row_bytes();
        let mut done = 0;
        while let Some(free) = output.get_mut(done..).filter(|free| !free.is_empty()) {
            let rows = read(self.rows, free, row_bytes)?;
            premultiply(free, Size::new(self.source.width, rows), self.channels)?;
            done += rows as usize * row_bytes;
        }
        Ok(())
    }
}

/// Reads at least one row; a decoder that has none left breaks its word.
fn read(rows: &mut dyn Rows, band: &mut [u8], row_bytes: usize) -> Result<u32, ImageError> {
    match rows.read(band)? {
        0 => Err(ImageError::WrongLength { found: 0, expected: row_bytes as u64 }),
        rows => Ok(rows),
    }
}
