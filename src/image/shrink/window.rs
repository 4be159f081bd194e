//! The rows of a plane that are in memory right now.

use super::PlaneLayout;

/// Bytes behind the last row, so that whoever takes some at once need not stop at its end.
pub(super) const SLACK: usize = 32;

/// A window that moves down a plane.
pub(super) struct Window {
    bytes: Vec<u8>,
    /// Bytes from a row to the next.
    pub(super) stride: usize,
    /// Rows that are filled in at once.
    step: usize,
    /// The number of the first row held.
    first: usize,
    /// How many rows are held.
    held: usize,
}

impl Window {
    pub(super) const fn new(layout: &PlaneLayout) -> Self {
        Self { bytes: Vec::new(), stride: layout.stride, step: layout.rows, first: 0, held: 0 }
    }

    /// Uses memory that was used before.
    pub(super) fn reuse(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The number of the first row that was not filled in yet.
    pub(super) const fn end(&self) -> usize {
        self.first + self.held
    }

    /// Where the next rows go, behind those held; rows above `needed` may be gone from now on.
    pub(super) fn free(&mut self, needed: usize) -> &mut [u8] {
        let length = self.step * self.stride;
        if self.bytes.len() < self.held * self.stride + length + SLACK {
            let gone = needed.saturating_sub(self.first).min(self.held);
            self.bytes.copy_within(gone * self.stride..self.held * self.stride, 0);
            self.first += gone;
            self.held -= gone;
            let least = self.held * self.stride + length;
            if self.bytes.len() < least + SLACK {
                // Twice as many rows as are needed are moved half as often.
                self.bytes.resize(least * 2 + SLACK, 0);
            }
        }
        let start = self.held * self.stride;
        self.bytes.get_mut(start..start + length).unwrap_or_default()
    }

    /// Takes note that the rows of [`free`](Self::free) are filled in.
    pub(super) const fn filled(&mut self) {
        self.held += self.step;
    }

    /// Everything from row `from` on, which is held, and some bytes more.
    pub(super) fn rows_from(&self, from: usize) -> &[u8] {
        let end = self.held * self.stride + SLACK;
        self.bytes.get((from - self.first) * self.stride..end).unwrap_or_default()
    }
}
