//! Pixels in memory.

use super::{Format, ImageError, Size};

/// How many samples a pixel has, and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channels {
    /// One sample: grey.
    Luma,
    /// Two samples: grey and alpha.
    LumaAlpha,
    /// Three samples: red, green, blue.
    Rgb,
    /// Four samples: red, green, blue, alpha (straight, not premultiplied).
    Rgba,
}

impl Channels {
    /// Samples, and so bytes, in a pixel.
    pub const fn count(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::LumaAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Whether the last sample is alpha.
    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::LumaAlpha | Self::Rgba)
    }
}

/// A picture in memory.
///
/// # Shape
/// `(H, W, C)` u8, rows packed without padding, top row first.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    size: Size,
    channels: Channels,
    data: Vec<u8>,
}

impl Pixels {
    /// Pixels from packed samples, `(H, W, C)`.
    ///
    /// # Errors
    /// [`ImageError::WrongLength`] if `data` does not hold `height × width × channels` bytes.
    pub fn new(size: Size, channels: Channels, data: Vec<u8>) -> Result<Self, ImageError> {
        let expected = size.pixels().saturating_mul(channels.count() as u64);
        if data.len() as u64 != expected {
            return Err(ImageError::WrongLength { found: data.len() as u64, expected });
        }
        Ok(Self { size, channels, data })
    }

    /// Width and height in pixels.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// What a pixel holds.
    pub const fn channels(&self) -> Channels {
        self.channels
    }

    /// The samples, `(H, W, C)`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.data
    }

    /// The samples, `(H, W, C)`, to be changed in place.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// The samples, `(H, W, C)`, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.data
    }
}

impl std::fmt::Debug for Pixels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pixels").field("size", &self.size).field("channels", &self.channels).finish_non_exhaustive()
    }
}

/// A buffer of `length` equal bytes, or an error where the machine has no room for it.
pub(super) fn buffer(format: Format, length: u64, fill: u8) -> Result<Vec<u8>, ImageError> {
    let too_large = || ImageError::Unsupported { format, reason: format!("no memory for {length} bytes of pixels") };
    let length = usize::try_from(length).map_err(|_| too_large())?;
    if fill == 0 {
        // Zeroed memory comes from the system for free; it cannot be reserved first.
        return Ok(vec![0; length]);
    }
    let mut data = Vec::new();
    data.try_reserve_exact(length).map_err(|_| too_large())?;
    data.resize(length, fill);
    Ok(data)
}
