//! `group`: a struct of inputs as part of another, or a title over some inputs.

use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::{CheckedChange, CheckedEntry, CheckedGroup, GroupKey, Key, Keys, NestedGroup, Raw, RawChange, RawField};
use crate::parse::Shape;

use super::{choices, constant, limits, name, text, text_of};

/// The title that an input stands under.
pub(super) fn title(field: &RawField, errors: &Errors) -> Option<String> {
    match &field.keys.group {
        Some(GroupKey::Title(key)) => title_of(key, errors),
        _ => None,
    }
}

fn title_of(key: &Key, errors: &Errors) -> Option<String> {
    let title = text_of(key, errors)?;
    // #[input(group = "")]
    if title.trim().is_empty() {
        errors.push(&key.value, "the title of a group must say something");
        return None;
    }
    Some(title)
}

/// A field that is a struct of inputs.
pub(super) fn nested(nested: &NestedGroup, field: &RawField, errors: &Errors) -> CheckedGroup {
    refuse_keys_of_inputs(&field.keys, errors);
    let own = field.ident.unraw().to_string();
    let prefix = nested.prefix.as_ref().and_then(|key| prefix_of(key, errors));
    if nested.prefix.is_none()
        && let Some(fault) = name::fault(&own)
    {
        errors.push(&field.ident, fault);
    }
    CheckedGroup {
        ident: field.ident.clone(),
        ty: field.inner.clone(),
        optional: field.optional,
        title: nested.title.as_ref().and_then(|key| title_of(key, errors)).unwrap_or_else(|| default_title(&own)),
        prefix: prefix.unwrap_or(own),
        changes: nested.changes.iter().map(|raw| change(raw, errors)).collect(),
    }
}

/// The words of a field's name, each with a capital.
fn default_title(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn prefix_of(key: &Key, errors: &Errors) -> Option<String> {
    let prefix = text_of(key, errors)?;
    // #[input(group(prefix = "cn_"))]
    if prefix.ends_with('_') {
        errors.push(&key.value, format!("the `_` after the prefix is put there anyway: `prefix = \"{}\"`", prefix.trim_end_matches('_')));
        return None;
    }
    // #[input(group(prefix = "1st"))]
    if let Some(fault) = (!prefix.is_empty()).then(|| name::fault(&prefix)).flatten() {
        errors.push(&key.value, fault);
        return None;
    }
    Some(prefix)
}

/// Refuses `#[input(group, default = 1)]`.
fn refuse_keys_of_inputs(keys: &Keys, errors: &Errors) {
    let all = [
        &keys.default,
        &keys.ge,
        &keys.le,
        &keys.min_length,
        &keys.max_length,
        &keys.regex,
        &keys.choices,
        &keys.accept,
        &keys.description,
        &keys.name,
        &keys.recommended,
    ];
    for key in all.into_iter().flatten() {
        let place =
            if key.ident == "name" { "a group has a prefix: `group(prefix = \"…\")`" } else { "it belongs on the inputs of the group" };
        errors.push(&key.ident, format!("`{}` says nothing of a group; {place}", key.ident));
    }
}

fn change(raw: &RawChange, errors: &Errors) -> CheckedChange {
    let keys = &raw.keys;
    let shape = Shape::Other;
    let choices = keys.choices.as_ref().and_then(|key| choices::choices(key, &shape, errors));
    let default = keys.default.as_ref().and_then(|key| constant::of_shape("`default`", &key.value, &shape, errors));
    let change = CheckedChange {
        target: raw.target.clone(),
        name: keys.name.as_ref().and_then(|key| {
            let name = text_of(key, errors)?;
            let fault = name::fault(&name).map(|fault| errors.push(&key.value, fault));
            fault.is_none().then_some(name)
        }),
        description: keys.description.as_ref().map(|key| text::description_of(key, errors)),
        ge: keys.ge.as_ref().and_then(|key| limits::bound(key, &shape, errors)),
        le: keys.le.as_ref().and_then(|key| limits::bound(key, &shape, errors)),
        recommended: keys.recommended.as_ref().and_then(|key| limits::recommended(key, &shape, errors)),
        deprecated: keys.deprecated.is_some(),
        default,
        choices,
    };
    limits::agree(keys, change.ge.as_ref(), change.le.as_ref(), change.recommended.as_ref(), change.default.as_ref(), errors);
    choices::agree(keys, change.choices.as_ref(), change.default.as_ref(), errors);
    change
}

/// Refuses a group that other inputs split in two.
pub(super) fn together(raw: &Raw, entries: &[CheckedEntry], errors: &Errors) {
    let title = |entry: &CheckedEntry| match entry {
        CheckedEntry::Input(input) => input.group.clone(),
        CheckedEntry::Group(group) => Some(group.title.clone()),
    };
    let titles: Vec<Option<String>> = entries.iter().map(title).collect();
    // #[input(group = "A")] a: u32, b: u32, #[input(group = "A")] c: u32
    for (position, (field, current)) in raw.fields.iter().zip(&titles).enumerate() {
        let Some(current) = current else { continue };
        let earlier = titles.iter().take(position).any(|title| title.as_ref() == Some(current));
        let before = position.checked_sub(1).and_then(|before| titles.get(before)).and_then(Option::as_ref);
        if earlier && before != Some(current) {
            errors.push(&field.ident, format!("the group `{current}` is split by other inputs; move `{}` up to the others", field.ident));
        }
    }
}
