//! `description`, `accept`, and what limits a text.

use crate::errors::Errors;
use crate::model::{CheckedInput, Constant, Key, RawField};
use crate::parse::Shape;

use super::constant::constant;
use super::text_of;

/// The description: the key if there is one, else the doc comment. `None` is an input without any.
pub(super) fn description(field: &RawField, errors: &Errors) -> Option<String> {
    match (&field.keys.description, &field.computed_doc) {
        (Some(key), _) => description_of(key, errors),
        // #[doc = concat!("How", " many.")] x: u32
        (None, Some(value)) => {
            errors.push(value, "a description has to be written out here, as a text; what a macro makes is known too late");
            None
        }
        (None, None) if field.doc.is_none() => {
            // x: u32
            let name = &field.ident;
            errors.push(
                name,
                format!("input `{name}` has no description; write a doc comment above it (`description = \"\"` leaves it empty)"),
            );
            None
        }
        (None, None) => field.doc.clone(),
    }
}

/// The text of `description`; `None` is an input without any.
pub(super) fn description_of(key: &Key, errors: &Errors) -> Option<String> {
    if constant(&key.value) == Some(Constant::Null) { None } else { text_of(key, errors) }
}

/// A length in characters.
pub(super) fn length(key: Option<&Key>, field: &RawField, errors: &Errors) -> Option<u64> {
    let key = key?;
    // #[input(min_length = 1)] x: u32
    if !matches!(field.shape, Shape::Text | Shape::Other) {
        errors.push(&key.ident, format!("`{}` is for texts, and this input is {}", key.ident, field.shape.describe()));
        return None;
    }
    match constant(&key.value) {
        Some(Constant::Integer(length)) if u64::try_from(length).is_ok() => u64::try_from(length).ok(),
        _ => {
            errors.push(&key.value, format!("`{}` is a number of characters", key.ident));
            None
        }
    }
}

/// The media types of a file.
pub(super) fn accept(field: &RawField, errors: &Errors) -> Option<String> {
    let key = field.keys.accept.as_ref()?;
    let is_file = match &field.shape {
        Shape::File | Shape::Other => true,
        Shape::List(item) => matches!(**item, Shape::File | Shape::Other),
        _ => false,
    };
    // #[input(accept = "image/*")] x: String
    if !is_file {
        errors.push(&key.ident, format!("`accept` is for files, and this input is {}", field.shape.describe()));
        return None;
    }
    text_of(key, errors)
}

/// Refuses lengths that contradict each other or the default.
pub(super) fn agree(field: &RawField, input: &CheckedInput, errors: &Errors) {
    // #[input(min_length = 5, max_length = 2)]
    if let (Some(min), Some(max), Some(key)) = (input.min_length, input.max_length, &field.keys.max_length)
        && min > max
    {
        errors.push(&key.value, format!("`max_length` is {max} and below `min_length`, which is {min}; no text would be allowed"));
    }
    let (Some(Constant::Text(default)), Some(key)) = (&input.default, &field.keys.default) else { return };
    let length = default.chars().count() as u64;
    // #[input(default = "a", min_length = 2)]
    if let Some(min) = input.min_length.filter(|min| length < *min) {
        errors.push(&key.value, format!("the default is {length} long, in characters, and the minimum is {min}"));
    }
    // #[input(default = "abc", max_length = 2)]
    if let Some(max) = input.max_length.filter(|max| length > *max) {
        errors.push(&key.value, format!("the default is {length} long, in characters, and the maximum is {max}"));
    }
}
