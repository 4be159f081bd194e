//! The types that an input may have, and how one value becomes one of them.

use serde_json::Value;

use crate::schema::{Choices, Facts, Kind, Property};

use super::error::shown;
use super::pattern::Pattern;
use super::secret::STARS;
use super::{Fault, FieldError, InputError, Sources};

/// A type that an input may have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that an input can have",
    label = "not a type that an input can have",
    note = "inputs are `String`, integers, floats, `bool`, `Path`, `Image`, `File`, `Secret`, `Json` and enums that derive `Choice` or `Union`, and `Option` or `Vec` of them",
    note = "a struct of inputs stands in another as a group: `#[input(group)]`"
)]
pub trait Field: Sized + Send + 'static {
    /// The type in the schema.
    const KIND: Kind;

    /// The closed set of values, if the type has one.
    const CHOICES: Option<Choices> = None;

    /// Whether the input may be missing without a default.
    const NULLABLE: bool = false;

    /// The value that was found in a request, or is the default.
    ///
    /// # Errors
    /// What the value is instead.
    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError>;

    /// What a missing input without a default is, if it may be missing.
    fn absent() -> Option<Self> {
        None
    }
}

/// What a type of inputs says of itself, as one value: a derive names the trait in one place only, so that a wrong type is reported once.
#[doc(hidden)]
#[derive(Debug)]
pub struct FieldType<T> {
    pub facts: Facts,
    pub(super) decode: fn(&Value, &Place<'_>) -> Result<T, InputError>,
    pub(super) absent: fn() -> Option<T>,
}

/// The [`FieldType`] of a type.
#[doc(hidden)]
pub const fn field<T: Field>() -> FieldType<T> {
    FieldType { facts: Facts { kind: T::KIND, nullable: T::NULLABLE, choices: T::CHOICES }, decode: T::decode, absent: T::absent }
}

/// A type that can stand in a list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a list",
    label = "not a type that can be listed",
    note = "Cog's schema has no list of lists, of optional values, of choices or of unions"
)]
pub trait Item: Field {}

/// A type that can be made optional.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made optional",
    label = "not a type that can be optional",
    note = "`Option` stands around a type of inputs that is not optional itself"
)]
pub trait NotOptional: Field {}

/// Where a value stands, what is asked of it, and where files may come from.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub(super) property: &'a Property,
    pub(super) pattern: Option<&'a Pattern>,
    pub(super) item: Option<usize>,
    /// Whether the limits of the input are those of the value: not for an item of a list or one type of a union.
    pub(super) limited: bool,
    pub(super) sources: &'a Sources,
}

impl<'a> Place<'a> {
    pub(super) fn at_item(self, item: usize) -> Place<'a> {
        Place { item: Some(item), limited: false, ..self }
    }

    pub(super) fn in_union(self) -> Place<'a> {
        Place { limited: false, ..self }
    }

    /// The input's name, or `images/1` for an item of a list.
    pub fn path(&self) -> String {
        match self.item {
            None => self.property.name.clone(),
            Some(item) => format!("{}/{item}", self.property.name),
        }
    }

    /// An error of the value at this place.
    pub fn error(&self, fault: Fault) -> InputError {
        FieldError::new(self.path(), fault).into()
    }

    /// A value of the wrong JSON type; that of a secret is not told.
    pub fn wrong_type(&self, found: &Value, expected: &'static str) -> InputError {
        let secret = matches!(self.property.kind, Kind::Secret | Kind::List(Kind::Secret));
        let found = if secret { STARS.to_owned() } else { shown(found) };
        self.error(Fault::WrongType { found, expected })
    }
}
