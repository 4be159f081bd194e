//! What a file may ask of the machine.

use std::time::{Duration, Instant};

use super::{Format, ImageError, Size};

/// What a picture may ask of the machine; checked from the header, before anything is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes; 256 MiB.
    pub max_bytes: u64,
    /// Longest side in pixels; 65,535.
    pub max_side: u32,
    /// Pixels in a frame; 100 million.
    pub max_pixels: u64,
    /// Frames of an animation that are handed out; 1,000.
    pub max_frames: u32,
    /// Frames that are handed out, times the pixels of each; 250 million. Sixteen times as many may be decoded on the way to the last of them.
    pub max_total_pixels: u64,
    /// Bytes of memory that decoding may take beside the file, with everything that is handed out; 1 GiB. What is held against it is reckoned from the
    /// header: at least what will be taken, and at most about three times as much. Samples in memory are no file and never held against it.
    pub max_memory: u64,
    /// Seconds that reading the header and decoding may take together, checked at every row of blocks, strip of rows, tile or frame; 60.
    pub max_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 256 << 20,
            max_side: 65_535,
            max_pixels: 100_000_000,
            max_frames: 1000,
            max_total_pixels: 250_000_000,
            max_memory: 1 << 30,
            max_seconds: 60,
        }
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

    /// Holds an animation against `max_frames` and `max_total_pixels`: `wanted` frames of `size`, the last of which is number `decoded` of the file.
    pub(super) fn check_frames(&self, size: Size, wanted: u32, decoded: u32) -> Result<(), ImageError> {
        if wanted > self.max_frames {
            return Err(ImageError::TooManyFrames { found: wanted, limit: self.max_frames });
        }
        let total = |frames: u32| size.pixels().saturating_mul(frames.into());
        if wanted > 1 && total(wanted) > self.max_total_pixels {
            return Err(ImageError::TooManyTotalPixels { size, frames: wanted, limit: self.max_total_pixels });
        }
        if decoded > 1 && total(decoded) > self.max_total_pixels.saturating_mul(16) {
            return Err(ImageError::TooManyTotalPixels { size, frames: decoded, limit: self.max_total_pixels.saturating_mul(16) });
        }
        Ok(())
    }

    /// Holds the bytes that decoding takes against `max_memory`.
    pub(super) const fn check_memory(&self, format: Format, found: u64) -> Result<(), ImageError> {
        if found > self.max_memory {
            return Err(ImageError::TooMuchMemory { format, found, limit: self.max_memory });
        }
        Ok(())
    }

    /// The deadline of a decode that starts now, of an image whose header took `spent` to read.
    pub(super) fn deadline(&self, spent: Duration) -> Deadline {
        let left = Duration::from_secs(self.max_seconds.into()).saturating_sub(spent);
        Deadline { end: Instant::now().checked_add(left), limit: self.max_seconds }
    }
}

/// When a decode must be done: one for all decoders, threads and frames that take part in it. The default never ends.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Deadline {
    end: Option<Instant>,
    limit: u32,
}

impl Deadline {
    /// Holds the time against `max_seconds`.
    pub(super) fn check(&self, format: Format) -> Result<(), ImageError> {
        if self.is_over() { Err(self.error(format)) } else { Ok(()) }
    }

    /// Whether the time is up.
    pub(super) fn is_over(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() > end)
    }

    /// The error of a decode that took too long.
    pub(super) const fn error(&self, format: Format) -> ImageError {
        ImageError::TooSlow { format, limit: self.limit }
    }
}
