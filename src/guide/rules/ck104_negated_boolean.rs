use crate::guide::finding::Level;
use crate::guide::model::{Input, Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds yes-or-no inputs that are named with a negation.
///
/// ## Why is this bad?
/// To leave `disable_watermark` off is a double negative, and half of the users tick the wrong box.
///
/// ## Example
/// ```python
/// disable_watermark: bool = Input(default=False, description="Leave the mark out of the corner.")
/// ```
///
/// ## Use instead
/// ```python
/// watermark: bool = Input(default=True, description="Draw a mark in the corner.")
/// ```
///
/// ## What it may get wrong
/// A published name that many programs already send: allow it then. `disable_safety_checker`, which many models have, is left alone, and so are words such
/// as `ignore` that say what is done.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const NEGATIONS: &[&str] = &["disable_", "no_", "not_", "dont_", "do_not_", "without_", "skip_", "omit_", "hide_", "disallow_"];

/// Negated names that users know from many models.
const KNOWN: &[&str] = &["disable_safety_checker"];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.kind == Kind::Boolean && !KNOWN.contains(&input.name.as_str())) {
        if let Some(plain) = NEGATIONS.iter().find_map(|negation| input.name.strip_prefix(negation)) {
            found.input(input, format!("yes-or-no input `{}` is named with a negation", input.name), turned(input, plain));
        }
    }
}

fn turned(input: &Input, plain: &str) -> String {
    match &input.default {
        crate::guide::model::Default::Value(serde_json::Value::Bool(value)) => {
            format!("`{plain}`, with the default {} turned to {}", python(*value), python(!*value))
        }
        _ => format!("`{plain}`, with yes and no exchanged"),
    }
}

const fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
