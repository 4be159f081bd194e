//! A picture in planes, before its colours are put together: as JPEG and its kin hold it.

use super::{ImageError, Size, Warning};

/// A picture that is handed out in planes, from top to bottom: grey alone, or luma and two planes of chroma (Cb, Cr) of BT.601.
pub(super) trait Planes {
    /// The planes, the largest first.
    fn layouts(&self) -> &[PlaneLayout];

    /// Which samples are black and white.
    fn levels(&self) -> Levels {
        Levels::Full
    }

    /// Fills one target for each plane with the next rows of it: the same strip of the picture in all of them.
    ///
    /// A target holds `rows` rows of `stride` bytes. What lies right of and below the picture is made up.
    ///
    /// # Errors
    /// Whatever is wrong with the data from here on, and at the end of the picture.
    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError>;

    /// What was noticed and passed over so far; complete once all rows are read.
    fn warnings(&self) -> Vec<Warning> {
        Vec::new()
    }
}

/// Which samples stand for black and white, and for no chroma and most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Levels {
    /// 0 to 255, as in JFIF.
    Full,
    /// 16 to 235, and 16 to 240 for chroma, as in video.
    Limited,
}

/// How one plane is handed out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlaneLayout {
    /// Width and height in pixels of this plane, the last of which may show only a little of the picture.
    pub(super) size: Size,
    /// Pixels of this plane for one of the picture, across and down.
    pub(super) scale: (f64, f64),
    /// Bytes from a row to the next.
    pub(super) stride: usize,
    /// Rows that are handed out at once.
    pub(super) rows: usize,
}
