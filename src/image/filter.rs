//! Which kernel resamples, and how much of the work a decoder may do.

use super::names::names;

/// The kernel that resamples; all of them widen with the factor when shrinking, so nothing aliases but with [`Filter::Nearest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Filter {
    /// The nearest pixel, unblended: for masks and pixel art.
    Nearest,
    /// The mean of the pixels that a new pixel covers.
    #[doc(alias("area", "INTER_AREA"))]
    Box,
    /// A triangle, support 1.
    #[doc(alias("linear", "triangle"))]
    Bilinear,
    /// The cubic with a = −0.5 that Pillow calls bicubic, support 2.
    #[doc(alias("bicubic", "cubic"))]
    CatmullRom,
    /// Mitchell–Netravali with B = C = ⅓, support 2: softer, rings less.
    Mitchell,
    /// The windowed sinc with three lobes, support 3: sharpest.
    #[default]
    #[doc(alias = "lanczos")]
    Lanczos3,
}

names!(
    Filter,
    "filter",
    Nearest = "nearest",
    Box = "box" | "area",
    Bilinear = "bilinear" | "linear" | "triangle",
    CatmullRom = "catmull-rom" | "catmull_rom" | "bicubic" | "cubic",
    Mitchell = "mitchell",
    Lanczos3 = "lanczos3" | "lanczos",
);

/// How much of the shrinking a decoder may do on its own, which is quick but not as good as [`Filter`].
///
/// Where a decoder shrinks by 2, 4 or 8, the filter still sees the true edges of the picture, fractions of a pixel included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quality {
    /// As long as at least a factor of 2 is left to the filter.
    #[default]
    Fast,
    /// As long as at least a factor of 3 is left to the filter.
    High,
    /// None: every stored pixel is decoded.
    Exact,
}

names!(Quality, "quality", Fast = "fast", High = "high", Exact = "exact");

impl Quality {
    /// The factor by which the filter must still shrink what a decoder has shrunk.
    pub(super) const fn left_to_resample(self) -> f64 {
        match self {
            Self::Fast => 2.0,
            Self::High => 3.0,
            Self::Exact => f64::INFINITY,
        }
    }
}
