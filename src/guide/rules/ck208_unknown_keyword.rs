use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::closest;

/// ## What it does
/// Finds keywords that `Input` does not have.
///
/// ## Why is this bad?
/// Cog ignores them without a word, so the limit or the text that was meant is missing.
///
/// ## Example
/// ```python
/// strength: float = Input(default=0.5, min=0, max=1, description="How much to change; 0 changes nothing.")
/// ```
///
/// ## Use instead
/// ```python
/// strength: float = Input(default=0.5, ge=0, le=1, description="How much to change; 0 changes nothing.")
/// ```
///
/// ## What it may get wrong
/// Keywords that a version of Cog newer than 0.23 may add.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const KNOWN: &[&str] =
    &["default", "default_factory", "description", "ge", "le", "min_length", "max_length", "regex", "choices", "deprecated", "accept"];

const OTHER_NAMES: &[(&str, &str)] = &[
    ("min", "ge"),
    ("max", "le"),
    ("minimum", "ge"),
    ("maximum", "le"),
    ("gt", "ge"),
    ("lt", "le"),
    ("help", "description"),
    ("desc", "description"),
    ("pattern", "regex"),
    ("options", "choices"),
    ("enum", "choices"),
];

fn check(model: &Model, found: &mut Findings) {
    for (input, module, call) in model.input_calls() {
        for name in call.arguments(module).filter_map(|argument| argument.field("name")) {
            let written = name.text();
            if !KNOWN.contains(&written) {
                let other = OTHER_NAMES.iter().find(|(other, _)| *other == written).map(|(_, known)| *known);
                let instead = match other.or_else(|| closest(written, KNOWN)) {
                    Some(known) => format!("`{known}`"),
                    None => "remove it".to_owned(),
                };
                found.input_at(input, module.span(name), format!("`Input` has no keyword `{written}`"), instead);
            }
        }
    }
}
