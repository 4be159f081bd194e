//! Texts that nobody but the model may see.

use std::fmt;

use serde_json::Value;

use crate::schema::Kind;

use super::InputError;
use super::field::{Field, Item, NotOptional, Place};

/// What is shown in place of a secret.
pub(super) const STARS: &str = "**********";

/// A text that shows as stars wherever it is printed; [`Secret::expose`] is the only way to it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({STARS})")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

impl Field for Secret {
    const KIND: Kind = Kind::Secret;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        match found {
            Value::String(text) => Ok(Self::new(text.as_str())),
            _ => Err(place.wrong_type(found, "string")),
        }
    }
}

impl Item for Secret {}
impl NotOptional for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "********** Secret(**********) Some(Secret(**********))");
        assert_eq!(secret.expose(), "hunter2");
    }
}
