//! `model::Raw` to `model::Checked`: every mistake is reported, under the smallest token that is wrong.

mod choices;
mod constant;
mod group;
mod limits;
mod name;
mod regex;
mod text;

use crate::errors::Errors;
use crate::model::{Checked, CheckedEntry, CheckedInput, Constant, GroupKey, Key, Raw, RawField};

pub(crate) use constant::constant;

/// Checks a struct of inputs.
pub(crate) fn input(raw: &Raw, errors: &Errors) -> Checked {
    let entries: Vec<CheckedEntry> = raw
        .fields
        .iter()
        .map(|field| match &field.keys.group {
            Some(GroupKey::Nested(nested)) => CheckedEntry::Group(Box::new(group::nested(nested, field, errors))),
            _ => CheckedEntry::Input(Box::new(field_input(field, errors))),
        })
        .collect();
    name::unique(raw, &entries, errors);
    group::together(raw, &entries, errors);
    Checked { entries }
}

fn field_input(field: &RawField, errors: &Errors) -> CheckedInput {
    let keys = &field.keys;
    let default = keys.default.as_ref().and_then(|key| constant::default(key, field, errors));
    let choices = keys.choices.as_ref().and_then(|key| choices::choices(key, &field.shape, errors));
    let input = CheckedInput {
        ident: field.ident.clone(),
        ty: field.ty.clone(),
        inner: field.inner.clone(),
        unknown: field.shape.is_unknown() || constant::any_computed(field),
        group: group::title(field, errors),
        name: name::name(field, choices.is_some(), errors),
        description: text::description(field, errors),
        ge: keys.ge.as_ref().and_then(|key| limits::bound(key, &field.shape, errors)),
        le: keys.le.as_ref().and_then(|key| limits::bound(key, &field.shape, errors)),
        recommended: keys.recommended.as_ref().and_then(|key| limits::recommended(key, &field.shape, errors)),
        min_length: text::length(keys.min_length.as_ref(), field, errors),
        max_length: text::length(keys.max_length.as_ref(), field, errors),
        regex: regex::regex(field, errors),
        accept: text::accept(field, errors),
        deprecated: keys.deprecated.is_some(),
        default,
        choices,
    };
    limits::agree(keys, input.ge.as_ref(), input.le.as_ref(), input.recommended.as_ref(), input.default.as_ref(), errors);
    choices::agree(keys, input.choices.as_ref(), input.default.as_ref(), errors);
    text::agree(field, &input, errors);
    regex::agree(field, &input, errors);
    input
}

/// The text that a key must have.
fn text_of(key: &Key, errors: &Errors) -> Option<String> {
    match constant(&key.value) {
        Some(Constant::Text(text)) => Some(text),
        _ => {
            errors.push(&key.value, format!("`{}` is a text in quotes", key.ident));
            None
        }
    }
}
