//! `model::Raw` to `model::Checked`: every mistake is reported, under the smallest token that is wrong.

mod choices;
mod constant;
mod limits;
mod name;
mod text;

use crate::errors::Errors;
use crate::model::{Checked, CheckedInput, Key, Raw, RawField};

use constant::constant;

/// Checks a struct of inputs.
pub(crate) fn input(raw: &Raw, errors: &Errors) -> Checked {
    let inputs: Vec<CheckedInput> = raw.fields.iter().map(|field| field_input(field, errors)).collect();
    name::unique(raw, &inputs, errors);
    Checked { inputs }
}

fn field_input(field: &RawField, errors: &Errors) -> CheckedInput {
    let keys = &field.keys;
    let default = keys.default.as_ref().and_then(|key| constant::default(key, field, errors));
    let choices = choices::choices(field, errors);
    let input = CheckedInput {
        ident: field.ident.clone(),
        ty: field.ty.clone(),
        name: name::name(field, choices.is_some(), errors),
        description: text::description(field, errors),
        ge: limits::bound(keys.ge.as_ref(), field, errors),
        le: limits::bound(keys.le.as_ref(), field, errors),
        recommended: limits::recommended(field, errors),
        min_length: text::length(keys.min_length.as_ref(), field, errors),
        max_length: text::length(keys.max_length.as_ref(), field, errors),
        regex: text::regex(field, errors),
        accept: text::accept(field, errors),
        deprecated: keys.deprecated.is_some(),
        default,
        choices,
    };
    limits::agree(field, &input, errors);
    choices::agree(field, &input, errors);
    text::agree(field, &input, errors);
    input
}

/// The text that a key must have.
fn text_of(key: &Key, errors: &Errors) -> Option<String> {
    match constant(&key.value) {
        Some(crate::model::Constant::Text(text)) => Some(text),
        _ => {
            errors.push(&key.value, format!("`{}` is a text in quotes", key.ident));
            None
        }
    }
}
