//! A file that is read as it arrives, without a place on disk.

use std::fmt;
use std::io::{self, Cursor, Read};

use serde_json::Value;

use crate::schema::Kind;

use super::field::{Field, Item, NotOptional, Place};
use super::{FieldError, InputError, Sources};

/// A file to be read from front to back, once.
///
/// A data URI is held in memory; an `http(s)` URL is opened when the first byte is read, so a download that fails is an error of reading.
pub struct File {
    name: String,
    text: String,
    sources: Sources,
    content: Option<Box<dyn Read + Send>>,
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let content = match &mut self.content {
            Some(content) => content,
            None => {
                let opened = self.sources.open(&self.text);
                self.content.insert(opened.map_err(|fault| io::Error::other(FieldError::new(self.name.as_str(), fault)))?)
            }
        };
        content.read(buffer)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Field for File {
    const KIND: Kind = Kind::File;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let Value::String(text) = found else { return Err(place.wrong_type(found, "string")) };
        let bytes = place.sources.at_once(text).map_err(|fault| place.error(fault))?;
        let (text, content) = match bytes {
            Some(bytes) => (String::new(), Some(Box::new(Cursor::new(bytes)) as Box<dyn Read + Send>)),
            None => (text.clone(), None),
        };
        Ok(Self { name: place.path(), text, sources: place.sources.without_logs(), content })
    }
}

impl Item for File {}
impl NotOptional for File {}
