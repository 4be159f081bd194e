//! What was found in a file.

use super::{Format, Orientation, Size, Warning};

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

    /// Bytes of one decoded pixel: at most 3 without alpha, 4 with it.
    pub(super) const fn bytes_per_pixel(&self) -> u64 {
        if self.has_alpha { 4 } else { 3 }
    }

    /// Bytes of one decoded frame in a single buffer, at most.
    pub(super) const fn frame_bytes(&self) -> u64 {
        self.stored_size.pixels().saturating_mul(self.bytes_per_pixel())
    }
}
