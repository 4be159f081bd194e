//! Chroma subsampling.

use super::super::names::names;

/// The resolution of chroma beside that of luma, in the notation of the field (J:a:b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subsampling {
    /// Chroma at full resolution.
    Cs444,
    /// Chroma at half the width.
    Cs422,
    /// Chroma at half the width and half the height.
    Cs420,
}

names!(Subsampling, "subsampling", Cs444 = "4:4:4", Cs422 = "4:2:2", Cs420 = "4:2:0");

impl Subsampling {
    /// The quality from which JPEG files keep chroma at full resolution unless told otherwise.
    const FULL_CHROMA_QUALITY: u8 = 95;

    /// What suits a JPEG file of this quality.
    pub(super) const fn for_quality(quality: u8) -> Self {
        if quality >= Self::FULL_CHROMA_QUALITY { Self::Cs444 } else { Self::Cs420 }
    }

    /// Luma samples for one of chroma, across and down; the sampling factors H and V of luma (T.81, A.1.1).
    pub(super) const fn factors(self) -> (usize, usize) {
        match self {
            Self::Cs444 => (1, 1),
            Self::Cs422 => (2, 1),
            Self::Cs420 => (2, 2),
        }
    }
}
