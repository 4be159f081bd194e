//! The name of an input in a request.

use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::{CheckedEntry, Raw, RawField};

use super::text_of;

/// The components of Cog's document; an input with choices becomes one and would overwrite it.
const COMPONENTS: &[&str] = &[
    "Input",
    "Output",
    "PredictionRequest",
    "PredictionResponse",
    "Status",
    "HTTPValidationError",
    "ValidationError",
    "TrainingInput",
    "TrainingOutput",
    "TrainingRequest",
    "TrainingResponse",
];

/// The wire name of an input.
pub(super) fn name(field: &RawField, has_choices: bool, errors: &Errors) -> String {
    let own = field.ident.unraw().to_string();
    let written = field.keys.name.as_ref().and_then(|key| text_of(key, errors));
    let name = written.unwrap_or(own);
    let report = |message: String| match &field.keys.name {
        Some(key) => errors.push(&key.value, message),
        None => errors.push(&field.ident, message),
    };
    if let Some(fault) = fault(&name) {
        report(fault);
    }
    // #[input(name = "Status", choices = ["a", "b"])]
    if has_choices && COMPONENTS.contains(&name.as_str()) {
        report(format!("an input with choices cannot be called `{name}`: it would overwrite that part of Cog's document"));
    }
    name
}

/// What is wrong with a name.
pub(super) fn fault(name: &str) -> Option<String> {
    // #[input(name = "my input")]
    let starts_well = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    if !starts_well || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        return Some(format!("`{name}` cannot be the name of an input; names are letters, digits and `_`, and begin with no digit"));
    }
    // größe_öl: u32
    let garbled = name.split('_').any(|part| part.starts_with(|letter: char| !letter.is_ascii()));
    garbled.then(|| format!("Cog would garble the title of `{name}`: a word of a name must begin with a letter from a to z"))
}

/// Refuses two inputs with one name, as far as groups do not hide them.
pub(super) fn unique(raw: &Raw, entries: &[CheckedEntry], errors: &Errors) {
    let inputs = raw.fields.iter().zip(entries).filter_map(|(field, entry)| match entry {
        CheckedEntry::Input(input) => Some((field, input)),
        CheckedEntry::Group(_) => None,
    });
    let inputs: Vec<_> = inputs.collect();
    // a: u32, #[input(name = "a")] b: u32
    for (position, (field, input)) in inputs.iter().enumerate() {
        if let Some((_, earlier)) = inputs.iter().take(position).find(|(_, earlier)| earlier.name == input.name) {
            let message = format!("`{}` is the name of an earlier input, the field `{}`", input.name, earlier.ident);
            match &field.keys.name {
                Some(key) => errors.push(&key.value, message),
                None => errors.push(&field.ident, message),
            }
        }
    }
}
