use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds ranges in which no number or length lies.
///
/// ## Why is this bad?
/// Every value is refused, so nobody can use the input.
///
/// ## Example
/// ```python
/// strength: float = Input(ge=1, le=0, description="How much to change; 0 changes nothing.")
/// ```
///
/// ## Use instead
/// ```python
/// strength: float = Input(ge=0, le=1, description="How much to change; 0 changes nothing.")
/// ```
///
/// ## What it may get wrong
/// Nothing known.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for input in &model.inputs {
        for (least, most, what) in [(input.ge, input.le, "value"), (input.min_length, input.max_length, "length")] {
            if let (Some(least), Some(most)) = (least, most)
                && least > most
            {
                let message = format!("no {what} of `{}` is at least {least} and at most {most}", input.name);
                found.input(input, message, "the smaller limit first");
            }
        }
    }
}
