//! Why a picture could not be read, changed or written.

use super::{Format, Size};

/// Why a picture could not be read, changed or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    // the caller
    /// `multiple_of` is 0.
    #[error("`multiple_of` must be at least 1 pixel, found 0")]
    ZeroStep,
    /// A buffer does not have the length that its size and channels ask for.
    #[error("found {found} bytes of pixels, expected {expected}")]
    WrongLength {
        /// Bytes given.
        found: u64,
        /// Bytes that the size asks for.
        expected: u64,
    },
    // the data
    /// No known picture starts like this.
    #[error("not a picture in a known format: found {found}, expected {expected}")]
    UnknownFormat {
        /// What the content looks like, in words.
        found: String,
        /// The formats that can be read.
        expected: &'static str,
    },
    /// The file breaks the rules of its format.
    #[error("{format} data is damaged: {reason}")]
    Damaged {
        /// The format.
        format: Format,
        /// What the decoder said.
        reason: String,
    },
    /// The file ends early.
    #[error("{format} file is cut short: {reason}")]
    Truncated {
        /// The format.
        format: Format,
        /// How much was there.
        reason: String,
    },
    /// The file uses a part of its format that cannot be read.
    #[error("{format} file cannot be read: {reason}")]
    Unsupported {
        /// The format.
        format: Format,
        /// What it uses.
        reason: String,
    },
    // our limits
    /// The file is larger than the limit.
    #[error("picture file has {found} bytes, the limit is {limit}")]
    TooManyBytes {
        /// Bytes in the file.
        found: u64,
        /// The limit, `max_bytes`.
        limit: u64,
    },
    /// A side is longer than the limit.
    #[error("picture is {found} pixels, the limit is {limit} pixels a side")]
    TooLongSide {
        /// The size found.
        found: Size,
        /// The limit, `max_side`.
        limit: u32,
    },
    /// There are more pixels than the limit.
    #[error("picture is {size} = {found} pixels, the limit is {limit}")]
    TooManyPixels {
        /// The size found.
        size: Size,
        /// Its pixels.
        found: u64,
        /// The limit, `max_pixels`.
        limit: u64,
    },
    /// There are more frames than the limit.
    #[error("animation has {found} frames that are asked for, the limit is {limit}")]
    TooManyFrames {
        /// Frames asked for.
        found: u32,
        /// The limit, `max_frames`.
        limit: u32,
    },
    /// All frames together have more pixels than the limit.
    #[error("animation has {frames} frames of {size} pixels, the limit is {limit} pixels in all")]
    TooManyTotalPixels {
        /// The size of a frame.
        size: Size,
        /// Frames that would be decoded.
        frames: u32,
        /// The limit, from `max_total_pixels`.
        limit: u64,
    },
    // the machine
    /// A file could not be read or written.
    #[error("`{path}` could not be {verb}")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// `read` or `written`.
        verb: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A codec panicked; the picture is refused and nothing else is harmed.
    #[error("the {format} decoder gave up on this file: {reason}")]
    CodecPanicked {
        /// The format.
        format: Format,
        /// The panic's message.
        reason: String,
    },
}

impl ImageError {
    /// A stable name for programs, such as `image.too_many_pixels`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ZeroStep => "image.zero_step",
            Self::WrongLength { .. } => "image.wrong_length",
            Self::UnknownFormat { .. } => "image.unknown_format",
            Self::Damaged { .. } => "image.damaged",
            Self::Truncated { .. } => "image.truncated",
            Self::Unsupported { .. } => "image.unsupported",
            Self::TooManyBytes { .. } => "image.too_many_bytes",
            Self::TooLongSide { .. } => "image.too_long_side",
            Self::TooManyPixels { .. } => "image.too_many_pixels",
            Self::TooManyFrames { .. } => "image.too_many_frames",
            Self::TooManyTotalPixels { .. } => "image.too_many_total_pixels",
            Self::Io { .. } => "image.io",
            Self::CodecPanicked { .. } => "image.codec_panicked",
        }
    }
}
