use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::says_any;

/// ## What it does
/// Finds descriptions that say the input only counts when another one is set.
///
/// ## Why is this bad?
/// Users set it, see no effect and do not know why; a name and a place beside the other input say it at a glance.
///
/// ## Example
/// ```python
/// steps: int = Input(default=10, ge=1, le=50, description="Rounds. Only used when refiner is on."),
/// ```
///
/// ## Use instead
/// ```python
/// refiner_steps: int = Input(default=10, ge=1, le=50, description="Rounds of the refiner."),
/// ```
///
/// ## What it may get wrong
/// It does not look whether the input stands in such a group already. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const PHRASES: &[&str] = &[
    "only used if",
    "only used when",
    "only used for",
    "only used with",
    "only applies",
    "only apply",
    "only relevant",
    "only valid",
    "only works",
    "only has an effect",
    "ignored if",
    "ignored when",
    "ignored unless",
    "no effect unless",
    "has no effect",
    "only active",
    "used only if",
    "used only when",
    "only if",
];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.group.is_none() && says_any(input.says(), PHRASES)) {
        let message = format!("`{}` says in prose that it depends on another input", input.name);
        found.input_at(input, input.description_place(), message, "a name with the other input's prefix, and a place right below it");
    }
}
