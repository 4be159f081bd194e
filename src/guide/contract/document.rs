//! What the validator says of the document that Cog makes: defaults have to fit their own inputs.

use super::inputs::{Facts, File, Parameter};
use super::pattern;
use super::types::{InputType, Scalar, Shape};
use super::values::Value;
use super::{Remark, RemarkKind};
use crate::guide::source::Span;

/// Names under which choices end up in a part of Cog's own document, which the default then has to fit.
const OWN_PARTS: &[&str] = &["PredictionRequest", "PredictionResponse", "Status", "HTTPValidationError", "ValidationError"];
const STATUS: &[&str] = &["starting", "processing", "succeeded", "canceled", "failed"];

/// Checks one input as a whole.
pub(crate) fn check(file: &File<'_>, parameter: &Parameter<'_>, kind: Option<&InputType>, facts: &Facts<'_>, remarks: &mut Vec<Remark>) {
    let Some(kind) = kind else { return };
    let name = parameter.name;
    let place = facts.default_node.map_or(parameter.place, |node| file.module.span(node));
    let mut remark = |kind: RemarkKind, place: Span, message: String, instead: &str| {
        remarks.push(Remark { scope: parameter.scope, ..Remark::new(kind, place, message, instead) });
    };
    let limited =
        facts.ge.is_some() || facts.le.is_some() || facts.min_length.is_some() || facts.max_length.is_some() || facts.regex.is_some();
    if matches!(kind.shape, Shape::Union(_)) && (limited || facts.choices.is_some()) {
        remark(
            RemarkKind::Constraint,
            parameter.place,
            format!("Cog refuses limits and choices on `{name}`, which is one of several types"),
            "an input for each type",
        );
        return;
    }
    if let Some(accept) = facts.accept.filter(|_| !only_files(kind)) {
        remark(
            RemarkKind::Constraint,
            file.module.span(accept),
            format!("Cog refuses `accept` on `{name}`, which is no file"),
            "`accept` on a `Path` only",
        );
        return;
    }
    if facts.default_lost && kind.has_file() {
        remark(
            RemarkKind::Default,
            place,
            format!("Cog cannot read the default of file `{name}` without running the file, and refuses it"),
            "the address as a string, or no default",
        );
        return;
    }
    let has_choices = facts.choices.as_ref().is_some_and(|choices| !choices.is_empty());
    let is_text = matches!(kind.shape, Shape::Scalar(Scalar::Text | Scalar::Path | Scalar::File | Scalar::Secret));
    if let Some((regex, node)) = facts.regex.as_ref().filter(|_| is_text && !has_choices)
        && let Some(what) = pattern::unsupported(regex)
    {
        remark(
            RemarkKind::Pattern,
            file.module.span(*node),
            format!("Cog cannot compile the pattern of `{name}`: it has {what}"),
            "a pattern in the syntax of RE2, or a check in the code",
        );
        return;
    }
    let Some(default) = facts.default.as_ref().filter(|default| **default != Value::None) else { return };
    if has_choices
        && OWN_PARTS.contains(&name)
        && !matches!(default, Value::Text(text) if name == "Status" && STATUS.contains(&text.as_str()))
    {
        remark(
            RemarkKind::Reserved,
            parameter.place,
            format!("input `{name}` has the name of a part of Cog's document, and its default does not fit that part"),
            "another name",
        );
        return;
    }
    if let Some((kind, message, instead)) = unfit(kind, facts, default, has_choices) {
        remark(kind, place, format!("the default of `{name}` {message}"), instead);
    }
}

fn only_files(kind: &InputType) -> bool {
    match &kind.shape {
        Shape::Scalar(scalar) => matches!(scalar, Scalar::Path | Scalar::File),
        Shape::List(item) => only_files(item),
        Shape::Union(_) => false,
    }
}

/// Why a default does not fit, if it does not.
fn unfit(kind: &InputType, facts: &Facts<'_>, default: &Value, has_choices: bool) -> Option<(RemarkKind, String, &'static str)> {
    if has_choices {
        if matches!(kind.shape, Shape::List(_)) {
            let message = "is a list, and the choices of a list hold for the whole list and not for its elements".to_owned();
            return Some((RemarkKind::Outside, message, "no default, or no choices"));
        }
        let among = facts.choices.iter().flatten().any(|choice| same(choice, default));
        if !among {
            return Some((RemarkKind::Outside, "is not among the choices".to_owned(), "one of the choices"));
        }
    }
    if !fits(kind, default) {
        return Some((RemarkKind::WrongType, "is not of its type".to_owned(), "a default of the type, or another type"));
    }
    if let Some(number) = number(default) {
        let outside = facts.ge.is_some_and(|least| number < least) || facts.le.is_some_and(|most| number > most);
        if outside {
            return Some((
                RemarkKind::Outside,
                format!("is {number}, expected {}", range(facts.ge, facts.le)),
                "a number inside the range",
            ));
        }
    }
    let Value::Text(text) = default else { return None };
    let length = f64::from(u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX));
    if facts.min_length.is_some_and(|least| length < least) || facts.max_length.is_some_and(|most| length > most) {
        let message = format!("is {length} characters long, expected {}", range(facts.min_length, facts.max_length));
        return Some((RemarkKind::Outside, message, "a text of the right length"));
    }
    let (regex, _) = facts.regex.as_ref()?;
    (pattern::matches(regex, text) == Some(false))
        .then(|| (RemarkKind::Outside, "does not match the pattern".to_owned(), "a text that matches, or another pattern"))
}

fn range(least: Option<f64>, most: Option<f64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "anything".to_owned(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "the document holds numbers as 64-bit floats")]
const fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn same(first: &Value, second: &Value) -> bool {
    first == second || (number(first).is_some() && number(first) == number(second))
}

/// Whether a value is of the type, as JSON Schema sees it.
fn fits(kind: &InputType, value: &Value) -> bool {
    if *value == Value::None {
        return kind.nullable;
    }
    match &kind.shape {
        Shape::Scalar(scalar) => match scalar {
            Scalar::Bool => matches!(value, Value::Bool(_)),
            Scalar::Float => number(value).is_some(),
            Scalar::Integer => number(value).is_some_and(|number| number.fract() == 0.0),
            Scalar::Text | Scalar::Path | Scalar::File | Scalar::Secret => matches!(value, Value::Text(_)),
            Scalar::Any => matches!(value, Value::Dict(_)),
        },
        Shape::List(item) => matches!(value, Value::List(items) | Value::Set(items) if items.iter().all(|value| fits(item, value))),
        Shape::Union(members) => members.iter().any(|member| fits(member, value)),
    }
}
