//! The file formats that can be read.

use std::fmt;

/// A file format, as told by the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, and APNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// HEIC: HEVC pictures in a HEIF container; of a sequence, the picture beside it.
    Heic,
    /// AVIF: AV1 pictures in a HEIF container, and sequences of them.
    Avif,
    /// TIFF.
    Tiff,
    /// BMP.
    Bmp,
    /// ICO and CUR, of which the largest picture is read.
    Ico,
    /// No file: samples in memory.
    Samples,
}

impl Format {
    /// The name people use: `JPEG`, `PNG`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::Ico => "ICO",
            Self::Samples => "samples in memory",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
