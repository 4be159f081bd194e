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
    /// An option is 0 where that means nothing.
    #[error("`{option}` must be at least 1, found 0")]
    ZeroOption {
        /// The option.
        option: &'static str,
    },
    /// A quality outside 0–100.
    #[error("`quality` must be a whole number from 0 to 100, found {found}")]
    QualityRange {
        /// What was asked for.
        found: String,
    },
    /// An ICC profile that cannot say what the colors of these pixels are.
    #[error("`icc_profile`: found {found}, expected {expected}")]
    UnfitProfile {
        /// What was given.
        found: String,
        /// What would do.
        expected: &'static str,
    },
    /// Samples that cannot mean what they are said to mean.
    #[error("found samples {found}, expected {expected}")]
    SampleRange {
        /// The samples.
        found: String,
        /// Those that would do.
        expected: String,
    },
    /// A word that names none of the choices.
    #[error("found {what} `{found}`, expected one of {}", .expected.join(", "))]
    UnknownName {
        /// What it should name.
        what: &'static str,
        /// The word.
        found: String,
        /// The choices.
        expected: &'static [&'static str],
    },
    /// Text or numbers that are no ratio.
    #[error("found aspect ratio `{found}`, expected two positive numbers such as `16:9`, or one such as `1.5`")]
    UnknownRatio {
        /// The text.
        found: String,
    },
    /// Pixels of a kind that this cannot be done with.
    #[error("found {found} channels, expected {expected}")]
    ChannelCount {
        /// Channels given.
        found: usize,
        /// Channels that would do.
        expected: &'static str,
    },
    /// A mask does not have the shape of its picture.
    #[error("found a mask of {found}, expected the shape of its picture, {expected}")]
    MaskShape {
        /// The mask's size, upright.
        found: Size,
        /// The picture's size, upright.
        expected: Size,
    },
    /// A picture does not have the size that it must have here.
    #[error("found a picture of {found}, expected {expected}")]
    WrongSize {
        /// Its size.
        found: Size,
        /// The size that would do.
        expected: Size,
    },
    /// Text that is no colour.
    #[error("found colour `{found}`, expected `#rrggbb`, `#rgb`, or white, black, grey, red, green or blue")]
    UnknownColour {
        /// The text.
        found: String,
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
    /// The result would be larger than any model takes.
    #[error("the result would be {found} = {} pixels, the limit is {limit}", .found.pixels())]
    OutputTooLarge {
        /// The size of the result.
        found: Size,
        /// The limit, in pixels.
        limit: u64,
    },
    /// The format cannot hold a picture of this size.
    #[error("found {found} pixels, expected at most {limit} a side for {format}")]
    TooLargeForFormat {
        /// The format.
        format: Format,
        /// The size of the picture.
        found: Size,
        /// The longest side that the format can hold.
        limit: u32,
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
    /// Decoding takes more memory than the limit.
    #[error("decoding the {format} file may take {found} bytes of memory, the limit is {limit}")]
    TooMuchMemory {
        /// The format.
        format: Format,
        /// The bytes that it is reckoned to take, with what is made of it.
        found: u64,
        /// The limit, `max_memory`.
        limit: u64,
    },
    /// Decoding takes longer than the limit.
    #[error("decoding the {format} file takes more than {limit} s, the limit")]
    TooSlow {
        /// The format.
        format: Format,
        /// The limit, `max_seconds`.
        limit: u32,
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
    /// The resampler refused its own work.
    #[error("the picture could not be resampled: {reason}")]
    Resample {
        /// What it said.
        reason: String,
    },
    /// An encoder failed.
    #[error("the picture could not be written as {format}: {reason}")]
    Encode {
        /// The format.
        format: Format,
        /// What the encoder said.
        reason: String,
    },
}

impl ImageError {
    /// A stable name for programs, such as `image.too_many_pixels`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ZeroStep => "image.zero_step",
            Self::WrongLength { .. } => "image.wrong_length",
            Self::ZeroOption { .. } => "image.zero_option",
            Self::QualityRange { .. } => "image.quality_range",
            Self::SampleRange { .. } => "image.sample_range",
            Self::UnfitProfile { .. } => "image.unfit_profile",
            Self::UnknownName { .. } => "image.unknown_name",
            Self::UnknownRatio { .. } => "image.unknown_ratio",
            Self::ChannelCount { .. } => "image.channel_count",
            Self::MaskShape { .. } => "image.mask_shape",
            Self::WrongSize { .. } => "image.wrong_size",
            Self::UnknownColour { .. } => "image.unknown_colour",
            Self::UnknownFormat { .. } => "image.unknown_format",
            Self::Damaged { .. } => "image.damaged",
            Self::Truncated { .. } => "image.truncated",
            Self::Unsupported { .. } => "image.unsupported",
            Self::TooManyBytes { .. } => "image.too_many_bytes",
            Self::TooLongSide { .. } => "image.too_long_side",
            Self::TooManyPixels { .. } => "image.too_many_pixels",
            Self::OutputTooLarge { .. } => "image.output_too_large",
            Self::TooLargeForFormat { .. } => "image.too_large_for_format",
            Self::TooManyFrames { .. } => "image.too_many_frames",
            Self::TooManyTotalPixels { .. } => "image.too_many_total_pixels",
            Self::TooMuchMemory { .. } => "image.too_much_memory",
            Self::TooSlow { .. } => "image.too_slow",
            Self::Io { .. } => "image.io",
            Self::CodecPanicked { .. } => "image.codec_panicked",
            Self::Resample { .. } => "image.resample",
            Self::Encode { .. } => "image.encode",
        }
    }
}
