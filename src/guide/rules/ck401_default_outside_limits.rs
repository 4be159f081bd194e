use serde_json::Value;

use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::{Default, Input, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds defaults that the input itself refuses: outside the range, the choices or the length.
///
/// ## Why is this bad?
/// The build fails, or every request that leaves the input out does.
///
/// ## Example
/// ```python
/// strength: float = Input(default=1.5, ge=0, le=1, description="How much to change; 0 changes nothing.")
/// ```
///
/// ## Use instead
/// ```python
/// strength: float = Input(default=0.5, ge=0, le=1, description="How much to change; 0 changes nothing.")
/// ```
///
/// ## What it may get wrong
/// Nothing known.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Outside, found);
    // What stands in code is judged with everything that Cog reads of it.
    for input in model.inputs.iter().filter(|_| model.module.is_none()) {
        let Default::Value(default) = &input.default else { continue };
        if let Some((outside, instead)) = fault(input, default) {
            let place = input.default_place.unwrap_or(input.place);
            found.input_at(input, place, format!("the default of `{}` is {outside}", input.name), instead);
        }
    }
}

fn fault(input: &Input, default: &Value) -> Option<(String, String)> {
    if let Some(choices) = input.choices.as_ref().filter(|choices| !choices.is_empty() && !default.is_null() && !default.is_array()) {
        let same = |choice: &Value| choice == default || (choice.as_f64().is_some() && choice.as_f64() == default.as_f64());
        return (!choices.iter().any(same)).then(|| ("not among the choices".to_owned(), "one of the choices".to_owned()));
    }
    let outside = |value: f64, least: Option<f64>, most: Option<f64>| {
        least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most)
    };
    if let Some(number) = default.as_f64().filter(|number| outside(*number, input.ge, input.le)) {
        return Some((format!("{number}, expected {}", range(input.ge, input.le)), "a number inside the range".to_owned()));
    }
    let length = f64::from(u32::try_from(default.as_str()?.chars().count()).unwrap_or(u32::MAX));
    outside(length, input.min_length, input.max_length).then(|| {
        (
            format!("{length} characters long, expected {}", range(input.min_length, input.max_length)),
            "a text of the right length".to_owned(),
        )
    })
}

fn range(least: Option<f64>, most: Option<f64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "anything".to_owned(),
    }
}
