//! A picture that a request brought.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde_json::Value;

use crate::image::{Encode, EncodeFormat, ImageError, Info, Limits, Prepare, Prepared, Size, Source};
use crate::schema::Kind;

use super::field::{Field, Item, NotOptional, Place};
use super::limits::raised_by;
use super::{Fault, FieldError, ImageOutput, ImageSize, InputError, InputLimits};

/// A picture whose header was read already; its pixels come out of [`Image::prepare`].
///
/// Clones share the file's bytes.
#[derive(Clone)]
pub struct Image {
    name: String,
    source: Arc<Source<'static>>,
}

impl Image {
    /// The pixels that a model wants.
    ///
    /// # Errors
    /// What is wrong with the picture, under the input's name.
    pub fn prepare(&self, prepare: &Prepare) -> Result<Prepared, FieldError> {
        prepare.apply(&self.source).map_err(|error| FieldError::new(self.name.as_str(), fault(&error)))
    }

    /// What the header says: format, size, orientation, frames.
    pub fn info(&self) -> &Info {
        self.source.info()
    }

    /// The file, for what [`Image::prepare`] does not do.
    pub fn source(&self) -> &Source<'static> {
        &self.source
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("name", &self.name).field("info", self.info()).finish_non_exhaustive()
    }
}

impl Field for Image {
    const KIND: Kind = Kind::File;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let Value::String(text) = found else { return Err(place.wrong_type(found, "string")) };
        let limits = image_limits(place.sources.input_limits());
        let bytes = place.sources.image(text).map_err(|fault| place.error(fault))?;
        let source = Source::new(bytes, &limits).map_err(|error| place.error(fault(&error)))?;
        Ok(Self { name: place.path(), source: Arc::new(source) })
    }
}

impl Item for Image {}
impl NotOptional for Image {}

impl ImageOutput {
    /// How a picture is written in this format and quality.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if a model offers a format that cannot be written.
    pub fn encode(&self) -> Result<Encode, FieldError> {
        let format: EncodeFormat = self.output_format.parse().map_err(|_| {
            let found = format!("{:?}", self.output_format);
            FieldError::new("output_format", Fault::Unusable { found, expected: "`webp`, `jpg` or `png`" })
        })?;
        Ok(Encode::new(format).quality(self.output_quality))
    }
}

impl ImageSize {
    /// The size in pixels, both sides the nearest multiples of `multiple_of` and never 0; `incoming` is the picture whose shape may be asked for.
    ///
    /// # Errors
    /// As [`ImageSize::sides`].
    pub fn size(&self, multiple_of: NonZeroU32, incoming: Option<&Image>) -> Result<Size, FieldError> {
        let incoming = incoming.map(|image| image.info().size()).map(|size| (size.width, size.height));
        self.sides(multiple_of, incoming).map(|(width, height)| Size::new(width, height))
    }
}

fn image_limits(limits: &InputLimits) -> Limits {
    Limits {
        max_bytes: limits.max_image_bytes,
        max_pixels: limits.max_image_pixels,
        max_memory: limits.max_image_memory,
        max_seconds: u32::try_from(limits.max_image_time).unwrap_or(u32::MAX),
        ..Limits::default()
    }
}

/// The flag that raises the limit that an image exceeds.
fn raising_flag(error: &ImageError) -> Option<&'static str> {
    match error {
        ImageError::TooManyBytes { .. } => Some("max-image-bytes"),
        ImageError::TooManyPixels { .. } => Some("max-image-pixels"),
        ImageError::TooMuchMemory { .. } => Some("max-image-memory"),
        ImageError::TooSlow { .. } => Some("max-image-time"),
        _ => None,
    }
}

/// An error of the image module as a fault of an input, its causes in the same line.
fn fault(error: &ImageError) -> Fault {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    if let Some(flag) = raising_flag(error) {
        reason.push_str("; ");
        reason.push_str(&raised_by(flag));
    }
    Fault::Picture { reason, code: error.code() }
}
