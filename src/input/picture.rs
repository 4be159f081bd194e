//! A picture that a request brought.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::image::{ImageError, Info, Limits, Prepare, Prepared, Source};
use crate::schema::Kind;

use super::field::{Field, Item, NotOptional, Place};
use super::{Fault, FieldError, InputError};

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
        let limits = Limits::default();
        let bytes = place.sources.bytes(text, limits.max_bytes).map_err(|fault| place.error(fault))?;
        let source = Source::new(bytes, &limits).map_err(|error| place.error(fault(&error)))?;
        Ok(Self { name: place.path(), source: Arc::new(source) })
    }
}

impl Item for Image {}
impl NotOptional for Image {}

/// An error of the image module as a fault of an input, its causes in the same line.
fn fault(error: &ImageError) -> Fault {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    Fault::Picture { reason, code: error.code() }
}
