//! Objects: any at all, or those that a type of the author's own can be read from.

use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::schema::Kind;

use super::field::{Field, Item, NotOptional, Place};
use super::{Fault, InputError};

/// A JSON object, read into a type of the author's own; the schema says `object` and nothing of what is inside, as Cog does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// What was read.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: DeserializeOwned + Send + 'static> Field for Json<T> {
    const KIND: Kind = Kind::Object;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        if !found.is_object() {
            return Err(place.wrong_type(found, "object"));
        }
        // Borrowed, so that a large object is not copied first.
        T::deserialize(found).map(Self).map_err(|error| place.error(Fault::WrongObject { reason: error.to_string() }))
    }
}

impl<T: DeserializeOwned + Send + 'static> Item for Json<T> {}
impl<T: DeserializeOwned + Send + 'static> NotOptional for Json<T> {}

impl Field for Map<String, Value> {
    const KIND: Kind = Kind::Object;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        found.as_object().cloned().ok_or_else(|| place.wrong_type(found, "object"))
    }
}

impl Item for Map<String, Value> {}
impl NotOptional for Map<String, Value> {}
