use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds inputs without a description.
///
/// ## Why is this bad?
/// The description is all that users of the form and of the API get to read, also where the meaning seems obvious.
///
/// ## Example
/// ```python
/// strength: float = Input(default=0.5, ge=0, le=1)
/// ```
///
/// ## Use instead
/// ```python
/// strength: float = Input(default=0.5, ge=0, le=1, description="How much to change the picture; 0 leaves it as it is.")
/// ```
///
/// ## What it may get wrong
/// Nothing known. An input marked `deprecated` is left alone, and so is one whose description stands in another file or that has not even a type (CK415).
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| !input.deprecated && !input.described_by_code && input.says().trim().is_empty()) {
        let instead = "say what it changes, in which unit, and which values work well";
        found.input(input, format!("input `{}` has no description", input.name), instead);
    }
}
