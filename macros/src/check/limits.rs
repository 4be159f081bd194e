//! `ge`, `le` and `recommended`.

use std::cmp::Ordering;

use syn::{Expr, ExprRange, RangeLimits};

use crate::errors::Errors;
use crate::model::{CheckedInput, Constant, Key, RawField};
use crate::parse::Shape;

use super::constant::of_shape;

fn takes_bounds(shape: &Shape) -> bool {
    matches!(shape, Shape::Integer(_) | Shape::Float(_) | Shape::Other)
}

/// A bound of a number.
pub(super) fn bound(key: Option<&Key>, field: &RawField, errors: &Errors) -> Option<Constant> {
    let key = key?;
    // #[input(ge = 1)] x: String
    if !takes_bounds(&field.shape) {
        let length = if field.shape == Shape::Text { "; `min_length` and `max_length` limit a text" } else { "" };
        errors.push(&key.ident, format!("`{}` is for numbers, and this input is {}{length}", key.ident, field.shape.describe()));
        return None;
    }
    of_shape(&format!("`{}`", key.ident), &key.value, &field.shape, errors)
}

/// The recommended range, `a..=b`.
pub(super) fn recommended(field: &RawField, errors: &Errors) -> Option<(Constant, Constant)> {
    let key = field.keys.recommended.as_ref()?;
    // #[input(recommended = 1..=2)] x: String
    if !takes_bounds(&field.shape) {
        errors.push(&key.ident, format!("`recommended` is for numbers, and this input is {}", field.shape.describe()));
        return None;
    }
    // #[input(recommended = 1..2)] x: u32
    let Expr::Range(ExprRange { start: Some(start), end: Some(end), limits: RangeLimits::Closed(_), .. }) = &key.value else {
        errors.push(&key.value, "`recommended` is a range with both ends: `recommended = 20..=50`");
        return None;
    };
    let from = of_shape("`recommended`", start, &field.shape, errors);
    let to = of_shape("`recommended`", end, &field.shape, errors);
    from.zip(to)
}

fn compare(a: &Constant, b: &Constant) -> Option<Ordering> {
    match (a, b) {
        (Constant::Integer(a), Constant::Integer(b)) => Some(a.cmp(b)),
        (Constant::Float(a), Constant::Float(b)) => a.partial_cmp(b),
        _ => None,
    }
}

fn above(a: &Constant, b: &Constant) -> bool {
    compare(a, b) == Some(Ordering::Greater)
}

fn shown(constant: &Constant) -> String {
    match constant {
        Constant::Integer(integer) => integer.to_string(),
        Constant::Float(float) => float.to_string(),
        _ => "this value".to_owned(),
    }
}

/// Refuses limits that contradict each other or the default.
pub(super) fn agree(field: &RawField, input: &CheckedInput, errors: &Errors) {
    // #[input(ge = 9, le = 5)]
    if let (Some(ge), Some(le), Some(key)) = (&input.ge, &input.le, &field.keys.le)
        && above(ge, le)
    {
        errors.push(&key.value, format!("`le` is {} and below `ge`, which is {}; no value would be allowed", shown(le), shown(ge)));
        return;
    }
    if let (Some(default), Some(key)) = (&input.default, &field.keys.default) {
        // #[input(default = 0, ge = 1)]
        if let Some(ge) = input.ge.as_ref().filter(|ge| above(ge, default)) {
            errors.push(&key.value, format!("the default {} is less than the minimum of {}", shown(default), shown(ge)));
        }
        // #[input(default = 9, le = 5)]
        if let Some(le) = input.le.as_ref().filter(|le| above(default, le)) {
            errors.push(&key.value, format!("the default {} is greater than the maximum of {}", shown(default), shown(le)));
        }
    }
    let (Some((from, to)), Some(key)) = (&input.recommended, &field.keys.recommended) else { return };
    // #[input(recommended = 50..=20)]
    if above(from, to) {
        errors.push(&key.value, format!("the recommended range begins at {} and ends before it, at {}", shown(from), shown(to)));
        return;
    }
    // #[input(le = 10, recommended = 5..=20)]
    if input.ge.as_ref().is_some_and(|ge| above(ge, from)) || input.le.as_ref().is_some_and(|le| above(to, le)) {
        errors.push(&key.value, "the recommended range reaches outside of `ge` and `le`");
        return;
    }
    // #[input(default = 1, recommended = 5..=20)]
    if let (Some(default), Some(key)) = (&input.default, &field.keys.default)
        && (above(from, default) || above(default, to))
    {
        errors.push(
            &key.value,
            format!("the default {} is outside of the recommended range {} to {}", shown(default), shown(from), shown(to)),
        );
    }
}
