use serde_json::Value;

use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::{Default, Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds defaults that are not of the input's type: text for a number, a fraction for a whole number, a number for a text.
///
/// ## Why is this bad?
/// Cog checks every default against its input, and the build fails.
///
/// ## Example
/// ```python
/// width: int = Input(default=512.5, ge=64, le=1024, description="In pixels.")
/// ```
///
/// ## Use instead
/// ```python
/// width: int = Input(default=512, ge=64, le=1024, description="In pixels.")
/// ```
///
/// ## What it may get wrong
/// Nothing known. A whole number is a fine default for a decimal one.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::WrongType, found);
    for input in model.inputs.iter().filter(|_| model.module.is_none()) {
        let Default::Value(value) = &input.default else { continue };
        let fits = match (&input.kind, value) {
            (_, Value::Null) | (Kind::Unknown | Kind::Union | Kind::Object | Kind::Secret | Kind::File, _) => true,
            (Kind::Text, value) => value.is_string(),
            (Kind::Integer, value) => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
            (Kind::Number, value) => value.is_number(),
            (Kind::Boolean, value) => value.is_boolean(),
            (Kind::List(_), value) => value.is_array(),
        };
        if !fits {
            let place = input.default_place.unwrap_or(input.place);
            found.input_at(
                input,
                place,
                format!("the default of `{}` is not of its type", input.name),
                "a default of the type, or another type",
            );
        }
    }
}
