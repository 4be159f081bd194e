//! A picture that has not been decoded yet: the bytes of its file, and what its header says.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read},
    num::NonZeroUsize,
    path::Path,
    time::{Duration, Instant},
};

use super::{
    Channels, Format, ImageError, Info, Limits, Orientation, Pixels, Planes, Rows, Size, Warning,
    codec::{self, Attempt},
    colour::ColourTransform,
    limits::Deadline,
    rows::SampleRows,
    sniff,
};

/// A picture's file in memory, with its header read and held against the limits; nothing is decoded yet.
#[derive(Clone)]
pub struct Source<'a> {
    bytes: Cow<'a, [u8]>,
    info: Info,
    limits: Limits,
    /// How long it took to read the header, which counts against the deadline of every decode.
    opening: Duration,
    /// What the bytes hold if they are no file but bare samples.
    samples: Option<Channels>,
}

impl<'a> Source<'a> {
    /// A source from the bytes of a file, which are kept and never copied.
    ///
    /// # Errors
    /// [`ImageError::UnknownFormat`] if the content is no picture that can be read, [`ImageError::TooManyBytes`], [`ImageError::TooLongSide`] and
    /// [`ImageError::TooManyPixels`] if it is larger than `limits` allow, [`ImageError::Damaged`] or [`ImageError::Truncated`] if the header is.
    pub fn new(bytes: impl Into<Cow<'a, [u8]>>, limits: &Limits) -> Result<Self, ImageError> {
        let bytes = bytes.into();
        limits.check_bytes(bytes.len() as u64)?;
        let began = Instant::now();
        let info = codec::header(sniff::format(&bytes)?, &bytes).map_err(|error| sniff::explain(&bytes, error))?;
        limits.check_size(info.stored_size)?;
        Ok(Self { bytes, info, limits: *limits, opening: began.elapsed(), samples: None })
    }

    /// A source from a file, whose size is checked before it is read.
    ///
    /// # Errors
    /// [`ImageError::Io`] if the file cannot be read, and those of [`new`](Self::new).
    pub fn open(path: impl AsRef<Path>, limits: &Limits) -> Result<Source<'static>, ImageError> {
        let path = path.as_ref();
        let failed = |source: io::Error| ImageError::Io { path: path.to_owned(), verb: "read", source };
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        limits.check_bytes(length)?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        // Files that grow, and those that do not know their length, are cut one byte behind the limit and so found too long.
        file.take(limits.max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        Source::new(bytes, limits)
    }

    /// A source from samples that are in memory already: sRGB, 8-bit, rows packed without padding, alpha straight.
    ///
    /// # Shape
    /// `(H, W, C)` u8.
    ///
    /// # Errors
    /// [`ImageError::WrongLength`] if there are not `height × width × channels` samples, [`ImageError::ZeroOption`] if there are none.
    pub fn from_samples(samples: impl Into<Cow<'a, [u8]>>, size: Size, channels: Channels) -> Result<Self, ImageError> {
        let bytes = samples.into();
        let expected = size.pixels().saturating_mul(channels.count() as u64);
        if bytes.len() as u64 != expected {
            return Err(ImageError::WrongLength { found: bytes.len() as u64, expected });
        }
        if size.is_empty() {
            return Err(ImageError::ZeroOption { option: "size" });
        }
        let info = Info { has_alpha: channels.has_alpha(), ..Info::new(Format::Samples, size) };
        Ok(Self { bytes, info, limits: Limits::default(), opening: Duration::ZERO, samples: Some(channels) })
    }

    /// The same source, to be turned upright from this orientation, whatever its file says.
    #[must_use]
    pub fn with_orientation(mut self, orientation: Orientation) -> Self {
        self.info.orientation = orientation;
        self
    }

    /// What the header says.
    pub const fn info(&self) -> &Info {
        &self.info
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The ICC colour profile in the file, if it has one.
    pub fn icc_profile(&self) -> Option<Cow<'_, [u8]>> {
        codec::profile(self.info.format, &self.bytes)
    }

    /// What the file was and will be held against.
    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The deadline of a decode that starts now.
    pub(super) fn deadline(&self) -> Deadline {
        self.limits.deadline(self.opening)
    }

    /// The same source, which owns its bytes; copies them if they were borrowed.
    pub fn into_owned(self) -> Source<'static> {
        Source { bytes: Cow::Owned(self.bytes.into_owned()), ..self }
    }

    /// All pixels of the picture: the first frame on its canvas, 8-bit sRGB, as stored (not upright), alpha straight.
    ///
    /// # Errors
    /// [`ImageError::TooMuchMemory`] before anything is decoded; whatever is wrong with the data; [`ImageError::Truncated`] for a file that ends early,
    /// unless it is to be kept.
    pub fn to_pixels(&self, truncated: Truncated) -> Result<StoredPixels, ImageError> {
        let mut pixels = None;
        let decoded = self.decode(
            &Decode { truncated, beside: self.info.frame_bytes(), deadline: self.deadline(), ..Decode::default() },
            &mut |rows| {
                pixels = Some(collect(rows)?);
                Ok(())
            },
        )?;
        let mut pixels = pixels.ok_or(ImageError::Damaged { format: self.info.format, reason: "it has no pixels".to_owned() })?;
        if let Some(colour) = decoded.colour {
            pixels = colour.to_srgb(pixels);
        }
        Ok(StoredPixels { pixels, warnings: decoded.warnings })
    }

    /// Hands the rows of the picture to `sink`: the first frame on its canvas, 8-bit, as stored (not upright), alpha straight.
    ///
    /// # Errors
    /// Whatever is wrong with the data, and what `sink` returns.
    pub(super) fn decode(
        &self,
        options: &Decode,
        sink: &mut dyn FnMut(&mut dyn Rows) -> Result<(), ImageError>,
    ) -> Result<Decoded, ImageError> {
        if let Some(channels) = self.samples {
            sink(&mut SampleRows::new(self.info.stored_size, channels, &self.bytes))?;
            return Ok(Decoded::default());
        }
        let mut picture = codec::open(&self.bytes, &self.info, options, &self.limits)?;
        sink(&mut picture)?;
        let (colour, warnings) = codec::finish(&self.bytes, &picture);
        Ok(Decoded { warnings, colour })
    }

    /// Hands the planes of the image to `sink`, shrunk to no less than the scale that is asked for, on up to `threads` threads. Only if it is
    /// [`Attempt::Unsupported`] are its rows to be decoded instead.
    pub(super) fn planes<T>(
        &self,
        options: &Decode,
        threads: NonZeroUsize,
        sink: impl FnOnce(&mut dyn Planes) -> Result<T, ImageError>,
    ) -> Attempt<(T, Decoded)> {
        codec::planes(self, options, threads, sink)
    }
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("bytes", &self.bytes.len()).field("info", &self.info).finish_non_exhaustive()
    }
}

/// All rows in one piece.
pub(super) fn collect(rows: &mut dyn Rows) -> Result<Pixels, ImageError> {
    if let Some(whole) = rows.take_whole() {
        return Ok(whole);
    }
    let (size, channels) = (rows.size(), rows.channels());
    let stride = size.width as usize * channels.count();
    let mut data = vec![0; stride * size.height as usize];
    let mut done = 0;
    while let Some(band) = data.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match rows.read(band)? {
            0 => break,
            count => done += count as usize * stride,
        }
    }
    Pixels::new(size, channels, data)
}

/// The pixels of a picture as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredPixels {
    /// The pixels, not turned upright.
    pub pixels: Pixels,
    /// What was noticed and passed over while decoding.
    pub warnings: Vec<Warning>,
}

/// What to do with a file that ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Truncated {
    /// An error: [`ImageError::Truncated`].
    #[default]
    Refuse,
    /// The rows that are there, the others grey or transparent, and [`Warning::Truncated`].
    Keep,
}

/// How a picture is to be decoded.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Decode {
    /// The smallest scale that the caller can use; a decoder that cannot scale hands out the whole size.
    pub scale: Scale,
    /// What to do with a file that ends early.
    pub truncated: Truncated,
    /// Bytes that the caller will need beside the decoder, for what it makes of the rows.
    pub beside: u64,
    /// Threads that a decoder may have of its own; one, if it is not said.
    pub threads: Option<NonZeroUsize>,
    /// When all of it must be done.
    pub deadline: Deadline,
}

/// By how much a decoder makes a picture smaller while it decodes; sides are rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) enum Scale {
    /// Every pixel.
    #[default]
    Whole,
    /// Half the width and height.
    Half,
    /// A quarter of the width and height.
    Quarter,
    /// An eighth of the width and height.
    Eighth,
}

impl Scale {
    /// By what width and height are divided.
    pub(super) const fn divisor(self) -> u8 {
        match self {
            Self::Whole => 1,
            Self::Half => 2,
            Self::Quarter => 4,
            Self::Eighth => 8,
        }
    }

    /// The size of a picture of `stored` size at this scale.
    pub(super) fn size(self, stored: Size) -> Size {
        let divisor = u32::from(self.divisor());
        Size::new(stored.width.div_ceil(divisor), stored.height.div_ceil(divisor))
    }
}

/// What decoding found.
#[derive(Debug, Clone, Default)]
pub(super) struct Decoded {
    /// What was noticed and passed over, beyond what the header told.
    pub warnings: Vec<Warning>,
    /// What brings the samples into sRGB; none if they are. To be applied to the resampled picture, where it is cheap, and before a background shows.
    pub colour: Option<ColourTransform>,
}

#[cfg(test)]
mod tests;
