//! Values of one of several types, by an enum.

use serde_json::{Map, Value};

use crate::schema::Kind;

use super::field::{Field, Item, Place};
use super::{Fault, InputError};

/// A type that can be one of those in a union.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a union",
    label = "not a type of a union",
    note = "Cog's unions are of texts, numbers, truth values, objects and lists of them; no files, secrets, choices or optional values"
)]
pub trait Member: Field {}

macro_rules! members {
    ($($type:ty),*) => {$(impl Member for $type {})*};
}

members!(String, bool, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64, Map<String, Value>);

impl<T: Member + Item> Member for Vec<T> {}

/// What a type of a union says of itself: the only place where it must be one, so that a wrong type is reported once.
#[doc(hidden)]
#[derive(Debug)]
pub struct MemberType<T> {
    pub kind: Kind,
    decode: fn(&Value, &Place<'_>) -> Result<T, InputError>,
}

impl<T> MemberType<T> {
    /// The value, if it is of this type.
    pub fn decode(&self, found: &Value, place: &Place<'_>) -> Option<T> {
        (self.decode)(found, &place.in_union()).ok()
    }
}

/// The [`MemberType`] of a type.
#[doc(hidden)]
pub const fn member<T: Member>() -> MemberType<T> {
    MemberType { kind: T::KIND, decode: T::decode }
}

/// What is wrong with a value that no type of a union takes.
#[doc(hidden)]
pub fn no_member(found: &Value, place: &Place<'_>) -> InputError {
    place.error(Fault::NoMember { found: super::error::shown(found) })
}
