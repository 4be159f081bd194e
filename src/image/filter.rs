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
    /// As long as at least a factor of 2 is left to the filter, or 3 where the decoder shrinks by 8: 45 dB and more on photos (tested). Pictures of
    /// less than a megapixel, which are decoded in no time, are treated as by `High`.
    #[default]
    Fast,
    /// By 4 at most, and as long as at least a factor of 3 is left to the filter: 50 dB and more on photos (tested).
    High,
    /// None: every stored pixel is decoded.
    Exact,
}

names!(Quality, "quality", Fast = "fast", High = "high", Exact = "exact");

/// Pixels from which on a decoder's shrinking saves time that anybody notices: a megapixel takes some 5 ms.
const WORTH_IT: u64 = 1 << 20;

impl Quality {
    /// By how much a decoder may shrink a picture of `pixels` that becomes smaller by `factor`: 1, 2, 4 or 8.
    pub(super) fn shrink(self, factor: f64, pixels: u64) -> u32 {
        // By 8, JPEG decoders keep no more than the mean of each block.
        let least_factors: &[(u32, f64)] = match self {
            Self::Fast if pixels >= WORTH_IT => &[(8, 24.0), (4, 8.0), (2, 4.0)],
            Self::Fast | Self::High => &[(4, 12.0), (2, 6.0)],
            Self::Exact => return 1,
        };
        least_factors.iter().find(|(_, least)| factor >= *least).map_or(1, |(shrink, _)| *shrink)
    }
}
