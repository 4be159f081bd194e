//! The rows of samples that are there: a ring of strips, each of which a row of macroblocks becomes.

/// Strips that there is room for. The filter changes what is above a row of macroblocks, and so finds one more of them.
pub(super) const STRIPS: usize = 8;

/// A plane of samples.
pub(super) struct Plane {
    pub(super) samples: Vec<u8>,
    /// Bytes from a row to the next.
    pub(super) stride: usize,
    /// Rows of a strip: 16 of luma, 8 of chroma.
    pub(super) rows: usize,
}

impl Plane {
    pub(super) fn new(across: usize, rows: usize) -> Self {
        let stride = across * rows;
        Self { samples: vec![0; stride * rows * STRIPS], stride, rows }
    }

    /// Where a row begins.
    #[inline(always)]
    pub(super) const fn row(&self, row: usize) -> usize {
        // Both are powers of two.
        (row & (self.rows * STRIPS - 1)) * self.stride
    }

    /// A strip.
    pub(super) fn strip(&self, strip: usize) -> &[u8] {
        let start = self.row(strip * self.rows);
        self.samples.get(start..start + self.rows * self.stride).unwrap_or_default()
    }

    /// Some rows of a strip, from `left` on, as wide as they are given.
    #[inline(always)]
    pub(super) fn put<const SIDE: usize>(&mut self, strip: usize, left: usize, rows: impl Iterator<Item = [u8; SIDE]>) {
        for (start, row) in (self.row(strip * self.rows) + left..).step_by(self.stride).zip(rows) {
            if let Some(target) = self.samples.get_mut(start..).and_then(|rest| rest.first_chunk_mut()) {
                *target = row;
            }
        }
    }
}
