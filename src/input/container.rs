//! Optional inputs and lists.

use serde_json::Value;

use crate::schema::{Choices, Kind};

use super::InputError;
use super::field::{Field, Item, NotOptional, Place};

/// An input that may be left out. `null` says the same, for Cog's parent process puts it where an optional input is missing.
impl<T: NotOptional> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const CHOICES: Option<Choices> = T::CHOICES;
    const NULLABLE: bool = true;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        if found.is_null() {
            return Ok(None);
        }
        T::decode(found, place).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Item> Field for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let Value::Array(items) = found else { return Err(place.wrong_type(found, "array")) };
        let (mut list, mut faults) = (Self::with_capacity(items.len()), Vec::new());
        for (position, item) in items.iter().enumerate() {
            match T::decode(item, &place.at_item(position)) {
                Ok(item) => list.push(item),
                Err(error) => faults.extend(error.fields),
            }
        }
        if faults.is_empty() { Ok(list) } else { Err(InputError { fields: faults }) }
    }
}

impl<T: Item> NotOptional for Vec<T> {}
