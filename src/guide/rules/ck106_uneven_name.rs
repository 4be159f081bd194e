use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds input names that are not words in lower case with single underscores between them.
///
/// ## Why is this bad?
/// The form's title is made from the name, so `imageURL` is shown as "ImageURL" and a stray underscore as a stray space.
///
/// ## Example
/// ```python
/// imageSize: int = Input(default=512, ge=64, le=1024, description="Side of the picture, in pixels.")
/// ```
///
/// ## Use instead
/// ```python
/// image_size: int = Input(default=512, ge=64, le=1024, description="Side of the picture, in pixels.")
/// ```
///
/// ## What it may get wrong
/// Names that are one capital letter by convention, such as `T` for a temperature.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| !input.name.is_empty()) {
        let even = even(&input.name);
        if even != input.name && !even.is_empty() {
            found.input(input, format!("input name `{}` is not lower case with single underscores", input.name), format!("`{even}`"));
        }
    }
}

fn even(name: &str) -> String {
    let mut out = String::new();
    let mut after_lower = false;
    for character in name.chars() {
        if character.is_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
        out.extend(character.to_lowercase());
    }
    out.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}
