use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds model names that are not lower case words with dashes between them.
///
/// ## Why is this bad?
/// The name is part of an address that people type, and capitals and underscores are what they get wrong.
///
/// ## Example
/// ```yaml
/// image: r8.im/acme/Face_Restorer
/// ```
///
/// ## Use instead
/// ```yaml
/// image: r8.im/acme/face-restorer
/// ```
///
/// ## What it may get wrong
/// A name that is already published cannot be changed without breaking its users: allow it then. In Cargo.toml, the name of the package is taken for
/// the name of the model.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(name) = &model.name else { return };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if !name.text.chars().all(plain) {
        found.at(name.span, format!("model name `{}` is not in lower case with dashes", name.text), format!("`{}`", dashed(&name.text)));
    }
}

/// `Face_Restorer` → `face-restorer`, `FaceRestorer` → `face-restorer`.
fn dashed(name: &str) -> String {
    let mut out = String::new();
    let mut after_lower = false;
    for character in name.chars() {
        if character.is_uppercase() && after_lower {
            out.push('-');
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
        match character {
            '_' | ' ' => out.push('-'),
            other => out.extend(other.to_lowercase()),
        }
    }
    out
}
