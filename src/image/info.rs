//! What was found in a file.

use std::fmt;

use super::{Orientation, Size};

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

/// What the header of a picture says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// The format, told by the content.
    pub format: Format,
    /// Width and height as stored, before turning upright.
    pub stored_size: Size,
    /// How the stored pixels must be turned.
    pub orientation: Orientation,
    /// Bits in a sample as stored: 1, 2, 4, 8, 10, 12 or 16.
    pub bit_depth: u8,
    /// Whether any pixel may be transparent: an alpha channel, a palette with alpha, or a transparent colour.
    pub has_alpha: bool,
    /// Frames in the file; 1 for a still picture.
    pub frames: u32,
    /// What was noticed and passed over.
    pub warnings: Vec<Warning>,
    /// The name of the colour profile in the file, such as `Display P3`; empty if it has no name.
    pub profile: Option<String>,
}

impl Info {
    /// A still, opaque, upright picture with 8 bits a sample and no profile.
    pub(super) const fn new(format: Format, stored_size: Size) -> Self {
        let orientation = Orientation::Upright;
        Self { format, stored_size, orientation, bit_depth: 8, has_alpha: false, frames: 1, warnings: Vec::new(), profile: None }
    }

    /// Width and height after turning upright.
    pub const fn size(&self) -> Size {
        self.orientation.upright_size(self.stored_size)
    }
}

/// Something odd in a file that did not stop it from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The file ends early; the missing rows were left as the decoder left them.
    Truncated,
    /// The colour profile is broken or does not fit the pixels, and was left aside.
    ProfileIgnored,
    /// Some of the data is damaged; the decoder made up what it could not read.
    Damaged,
    /// The picture is in CMYK without a profile, and was converted by plain arithmetic.
    CmykWithoutProfile,
    /// The picture has a high dynamic range, which was brought down to that of a screen.
    ToneMapped,
}

impl Warning {
    /// A stable name: `truncated`, `profile_ignored`, …
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::ProfileIgnored => "profile_ignored",
            Self::Damaged => "damaged",
            Self::CmykWithoutProfile => "cmyk_without_profile",
            Self::ToneMapped => "tone_mapped",
        }
    }
}
