//! What a file may ask of the machine.

use super::{ImageError, Size};

/// What a picture may ask of the machine; checked from the header, before anything is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes; 256 MiB.
    pub max_bytes: u64,
    /// Longest side in pixels; 65,535.
    pub max_side: u32,
    /// Pixels in a frame; 100 million.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 256 << 20, max_side: 65_535, max_pixels: 100_000_000 }
    }
}

impl Limits {
    /// Holds the length of a file against `max_bytes`.
    pub(super) const fn check_bytes(&self, found: u64) -> Result<(), ImageError> {
        if found > self.max_bytes {
            return Err(ImageError::TooManyBytes { found, limit: self.max_bytes });
        }
        Ok(())
    }

    /// Holds the size of a frame against `max_side` and `max_pixels`.
    pub(super) const fn check_size(&self, size: Size) -> Result<(), ImageError> {
        if size.max_side() > self.max_side {
            return Err(ImageError::TooLongSide { found: size, limit: self.max_side });
        }
        if size.pixels() > self.max_pixels {
            return Err(ImageError::TooManyPixels { size, found: size.pixels(), limit: self.max_pixels });
        }
        Ok(())
    }
}
