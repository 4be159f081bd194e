//! Closed sets of values, by an enum.

use serde_json::Value;

use crate::schema::{Choices, Literal, Number};

use super::error::shown;
use super::field::{Field, Place};
use super::{Fault, InputError};

/// An enum without fields whose variants are the choices of an input; derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of choices",
    label = "not a set of choices",
    note = "add `#[derive(cog_kit::Choice)]` to the enum"
)]
pub trait Choice: Field {
    /// What a request may say, in order of declaration.
    const VALUES: Choices;

    /// What the compiler numbers the variants with, in order of declaration.
    #[doc(hidden)]
    const DISCRIMINANTS: &'static [i128];

    /// The variant at a position, from 0.
    fn at(position: usize) -> Option<Self>;
}

/// Which of the choices a value is.
pub(super) fn position(found: &Value, choices: Choices) -> Option<usize> {
    match choices {
        Choices::Strings(texts) => found.as_str().and_then(|text| texts.iter().position(|choice| *choice == text)),
        Choices::Integers(integers) => {
            let integer = Number::from_json(found).and_then(Number::as_integer)?;
            integers.iter().position(|choice| i128::from(*choice) == integer)
        }
    }
}

/// An error that lists the choices.
pub(super) fn not_a_choice(found: &Value, choices: Choices, place: &Place<'_>) -> InputError {
    place.error(Fault::NotAChoice { found: shown(found), choices: Value::from(choices.to_json()).to_string() })
}

/// The variant that a value names.
#[doc(hidden)]
pub fn decode_choice<T: Choice>(found: &Value, place: &Place<'_>) -> Result<T, InputError> {
    position(found, T::VALUES).and_then(T::at).ok_or_else(|| not_a_choice(found, T::VALUES, place))
}

/// The value of the variant with this discriminant.
#[doc(hidden)]
pub const fn choice_literal<T: Choice>(discriminant: i128) -> Literal {
    let (mut position, mut rest) = (0, T::DISCRIMINANTS);
    while let [first, tail @ ..] = rest {
        if *first == discriminant {
            return T::VALUES.literal(position);
        }
        (position, rest) = (position + 1, tail);
    }
    Literal::Null
}
