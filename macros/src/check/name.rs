//! The name of an input in a request.

use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::{CheckedInput, Raw, RawField};

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
    // #[input(name = "my input")]
    let starts_well = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    if !starts_well || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        report(format!("`{name}` cannot be the name of an input; names are letters, digits and `_`, and begin with no digit"));
    }
    // größe_öl: u32
    if name.split('_').any(|part| part.starts_with(|letter: char| !letter.is_ascii())) {
        report(format!("Cog would garble the title of `{name}`: a word of a name must begin with a letter from a to z"));
    }
    // #[input(name = "Status", choices = ["a", "b"])]
    if has_choices && COMPONENTS.contains(&name.as_str()) {
        report(format!("an input with choices cannot be called `{name}`: it would overwrite that part of Cog's document"));
    }
    name
}

/// Refuses two inputs with one name.
pub(super) fn unique(raw: &Raw, inputs: &[CheckedInput], errors: &Errors) {
    // a: u32, #[input(name = "a")] b: u32
    for (position, (field, input)) in raw.fields.iter().zip(inputs).enumerate() {
        let earlier = inputs.iter().take(position).find(|earlier| earlier.name == input.name);
        if let Some(earlier) = earlier {
            let message = format!("`{}` is the name of an earlier input, the field `{}`", input.name, earlier.ident);
            match &field.keys.name {
                Some(key) => errors.push(&key.value, message),
                None => errors.push(&field.ident, message),
            }
        }
    }
}
