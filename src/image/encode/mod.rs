//! Pixels to a file.

#[cfg(feature = "avif-output")]
mod avif;
mod jpeg;
mod png;
mod profile;
mod subsampling;
mod webp_profile;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::subsampling::Subsampling;
use super::alpha::flatten_straight;
use super::codec::webp;
use super::names::names;
use super::{Format, ImageError, Pixels, Rgb};

/// How hard libwebp looks for smaller files, 0 to 6: 2 takes a third of the time of its default, 4, for files 1 to 4 % larger.
const WEBP_METHOD: u8 = 2;

/// A file format that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeFormat {
    /// Lossy WebP, quality 80 unless told; keeps alpha.
    WebP,
    /// Baseline JPEG, quality 90 unless told, 4:2:0 below quality 95 and 4:4:4 from there; alpha is laid over the background.
    Jpeg,
    /// PNG, lossless; keeps alpha and ignores quality. Stored as gray, with a palette, with fewer bits or without alpha where that holds the same pixels.
    Png,
    /// Lossy AVIF, quality 75 unless told; keeps alpha. With the feature `avif-output` alone; slow, and without colour profiles.
    Avif,
}

names!(EncodeFormat, "output format", WebP = "webp", Jpeg = "jpg" | "jpeg", Png = "png", Avif = "avif");

impl EncodeFormat {
    /// The extension that its files have, without the dot.
    pub const fn extension(self) -> &'static str {
        self.name()
    }

    /// The media type, such as `image/webp`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::WebP => "image/webp",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Avif => "image/avif",
        }
    }

    const fn format(self) -> Format {
        match self {
            Self::WebP => Format::WebP,
            Self::Jpeg => Format::Jpeg,
            Self::Png => Format::Png,
            Self::Avif => Format::Avif,
        }
    }

    const fn default_quality(self) -> u32 {
        match self {
            Self::WebP => 80,
            Self::Jpeg => 90,
            Self::Png => 100,
            Self::Avif => 75,
        }
    }

    /// The longest side that the format can hold, in pixels.
    const fn max_side(self) -> u32 {
        match self {
            Self::WebP => 16_383,
            Self::Jpeg => jpeg::MAX_SIDE,
            Self::Avif => 65_535,
            Self::Png => i32::MAX.cast_unsigned(),
        }
    }
}

/// How pixels become a file: format, quality, and what lies behind transparent pixels where the format has none.
///
/// Files carry no metadata, but for a colour profile on request.
///
/// # Examples
/// ```
/// # use cog_kit::image::{Channels, Encode, EncodeFormat, Pixels, Size};
/// let pixels = Pixels::new(Size::new(2, 1), Channels::Rgb, vec![255, 0, 0, 0, 0, 255])?;
/// let file = Encode::new(EncodeFormat::from_name("png")?).to_vec(&pixels)?;
/// assert!(file.starts_with(b"\x89PNG"));
/// # Ok::<(), cog_kit::image::ImageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encode {
    format: EncodeFormat,
    quality: u32,
    subsampling: Option<Subsampling>,
    background: Rgb,
    bilevel: bool,
    profile: Option<Arc<[u8]>>,
}

impl Encode {
    /// This format, at the quality that suits it.
    #[must_use]
    pub const fn new(format: EncodeFormat) -> Self {
        Self { format, quality: format.default_quality(), subsampling: None, background: Rgb::WHITE, bilevel: false, profile: None }
    }

    /// Lossy WebP of this quality, 0–100.
    #[must_use]
    pub const fn webp(quality: u32) -> Self {
        Self::new(EncodeFormat::WebP).quality(quality)
    }

    /// JPEG of this quality, 0–100.
    #[must_use]
    pub const fn jpeg(quality: u32) -> Self {
        Self::new(EncodeFormat::Jpeg).quality(quality)
    }

    /// PNG.
    #[must_use]
    pub const fn png() -> Self {
        Self::new(EncodeFormat::Png)
    }

    /// From 0, small, to 100, faithful; held against this range when a picture is written.
    #[must_use]
    pub const fn quality(mut self, quality: u32) -> Self {
        self.quality = quality;
        self
    }

    /// The resolution of chroma in JPEG files; without it, 4:2:0 below quality 95 and 4:4:4 from there. Other formats ignore it.
    #[must_use]
    pub const fn subsampling(mut self, subsampling: Subsampling) -> Self {
        self.subsampling = Some(subsampling);
        self
    }

    /// What is seen behind transparent pixels in a format without alpha; white by default.
    #[must_use]
    pub const fn background(mut self, background: Rgb) -> Self {
        self.background = background;
        self
    }

    /// Whether a PNG file of black and white alone has 1 bit a pixel, which many programs read as true and false; by default it has 2, which they
    /// read as 0 and 255. Other formats ignore it.
    #[must_use]
    pub const fn bilevel(mut self, bilevel: bool) -> Self {
        self.bilevel = bilevel;
        self
    }

    /// The ICC profile that says which colours the samples mean; by default none is written, which means sRGB. One for RGB makes RGB of gray pixels,
    /// any other that is not for the pixels' colors is refused.
    #[must_use]
    pub fn icc_profile(self, profile: impl Into<Arc<[u8]>>) -> Self {
        Self { profile: Some(profile.into()), ..self }
    }

    /// The format.
    pub const fn format(&self) -> EncodeFormat {
        self.format
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`ImageError::QualityRange`], [`ImageError::TooLargeForFormat`], [`ImageError::ZeroOption`] for a picture without pixels,
    /// [`ImageError::UnfitProfile`] for an ICC profile that is damaged or for other colors than the file holds, and [`ImageError::Encode`] if the
    /// encoder fails.
    pub fn to_vec(&self, pixels: &Pixels) -> Result<Vec<u8>, ImageError> {
        let quality = match u8::try_from(self.quality) {
            Ok(quality @ 0..=100) => quality,
            _ => return Err(ImageError::QualityRange { found: self.quality.to_string() }),
        };
        let size = pixels.size();
        if size.is_empty() {
            return Err(ImageError::ZeroOption { option: "size" });
        }
        if size.max_side() > self.format.max_side() {
            return Err(ImageError::TooLargeForFormat { format: self.format.format(), found: size, limit: self.format.max_side() });
        }
        let profile = self.profile.as_deref();
        let pixels = match profile {
            Some(profile) => profile::fitted(pixels, profile, self.format)?,
            None => Cow::Borrowed(pixels),
        };
        match self.format {
            EncodeFormat::WebP => {
                let file = webp::encode_lossy(&pixels, quality, WEBP_METHOD)?;
                match profile {
                    Some(profile) => webp_profile::with_profile(&file, size, profile),
                    None => Ok(file),
                }
            }
            EncodeFormat::Jpeg => {
                let subsampling = self.subsampling.unwrap_or(Subsampling::for_quality(quality));
                let opaque = match pixels.channels().has_alpha() {
                    true => Cow::Owned(flatten_straight(pixels.into_owned(), self.background)?),
                    false => pixels,
                };
                jpeg::encode(&opaque, quality, subsampling, profile)
            }
            EncodeFormat::Png => png::encode(&pixels, profile, self.bilevel),
            EncodeFormat::Avif if profile.is_some() => {
                Err(ImageError::Encode { format: Format::Avif, reason: "its encoder knows no colour profiles".to_owned() })
            }
            #[cfg(feature = "avif-output")]
            EncodeFormat::Avif => avif::encode(&pixels, quality),
            #[cfg(not(feature = "avif-output"))]
            EncodeFormat::Avif => {
                Err(ImageError::Encode { format: Format::Avif, reason: "this build is without the feature `avif-output`".to_owned() })
            }
        }
    }

    /// Writes a file, in place of one that is there.
    ///
    /// # Errors
    /// [`ImageError::Io`], and those of [`to_vec`](Self::to_vec).
    pub fn save(&self, pixels: &Pixels, path: impl AsRef<Path>) -> Result<(), ImageError> {
        let path = path.as_ref();
        let file = self.to_vec(pixels)?;
        fs::write(path, file).map_err(|source| ImageError::Io { path: path.to_owned(), verb: "written", source })
    }

    /// Writes a file that was not there before and returns its path: `folder/stem.webp`, or with `-1`, `-2`, … behind the stem.
    ///
    /// Safe among threads and processes: whoever comes second gets the next number.
    ///
    /// # Errors
    /// [`ImageError::Io`], and those of [`to_vec`](Self::to_vec).
    pub fn save_new(&self, pixels: &Pixels, folder: impl AsRef<Path>, stem: &str) -> Result<PathBuf, ImageError> {
        let bytes = self.to_vec(pixels)?;
        let extension = self.format.extension();
        let mut number = 0_u64;
        loop {
            let name = if number == 0 { format!("{stem}.{extension}") } else { format!("{stem}-{number}.{extension}") };
            let path = folder.as_ref().join(name);
            match File::create_new(&path).and_then(|mut file| file.write_all(&bytes)) {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(source) => return Err(ImageError::Io { path, verb: "written", source }),
            }
        }
    }
}
