//! `ge`, `le` and `recommended`.

use std::cmp::Ordering;

use syn::{Expr, ExprRange, RangeLimits};

use crate::errors::Errors;
use crate::model::{Constant, Key, Keys};
use crate::parse::Shape;

use super::constant::of_shape;

fn takes_bounds(shape: &Shape) -> bool {
    matches!(shape, Shape::Integer(_) | Shape::Float(_) | Shape::Other)
}

/// A bound of a number.
pub(super) fn bound(key: &Key, shape: &Shape, errors: &Errors) -> Option<Constant> {
    // #[input(ge = 1)] x: String
    if !takes_bounds(shape) {
        let length = if *shape == Shape::Text { "; `min_length` and `max_length` limit a text" } else { "" };
        errors.push(&key.ident, format!("`{}` is for numbers, and this input is {}{length}", key.ident, shape.describe()));
        return None;
    }
    of_shape(&format!("`{}`", key.ident), &key.value, shape, errors).filter(|bound| is_number(bound, key, errors))
}

/// Refuses a bound that is no number, on a type that only the compiler knows.
fn is_number(bound: &Constant, key: &Key, errors: &Errors) -> bool {
    let number = matches!(bound, Constant::Integer(_) | Constant::Float(_) | Constant::Computed(..));
    if !number {
        errors.push(&key.value, format!("`{}` must be a number", key.ident));
    }
    number
}

/// The recommended range, `a..=b`.
pub(super) fn recommended(key: &Key, shape: &Shape, errors: &Errors) -> Option<(Constant, Constant)> {
    // #[input(recommended = 1..=2)] x: String
    if !takes_bounds(shape) {
        errors.push(&key.ident, format!("`recommended` is for numbers, and this input is {}", shape.describe()));
        return None;
    }
    // #[input(recommended = 1..2)] x: u32
    let Expr::Range(ExprRange { start: Some(start), end: Some(end), limits: RangeLimits::Closed(_), .. }) = &key.value else {
        errors.push(&key.value, "`recommended` is a range with both ends: `recommended = 20..=50`");
        return None;
    };
    let from = of_shape("`recommended`", start, shape, errors).filter(|from| is_number(from, key, errors));
    let to = of_shape("`recommended`", end, shape, errors).filter(|to| is_number(to, key, errors));
    from.zip(to)
}

fn compare(a: &Constant, b: &Constant) -> Option<Ordering> {
    match (a, b) {
        (Constant::Integer(a), Constant::Integer(b)) => Some(a.cmp(b)),
        (Constant::Float(a), Constant::Float(b)) => a.partial_cmp(b),
        // On a type that only the compiler knows, an integer literal may stand beside a float.
        #[expect(clippy::cast_precision_loss, reason = "the literals of an attribute are small")]
        (Constant::Integer(a), Constant::Float(b)) => (*a as f64).partial_cmp(b),
        (Constant::Float(_), Constant::Integer(_)) => compare(b, a).map(Ordering::reverse),
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
pub(super) fn agree(
    keys: &Keys,
    ge: Option<&Constant>,
    le: Option<&Constant>,
    recommended: Option<&(Constant, Constant)>,
    default: Option<&Constant>,
    errors: &Errors,
) {
    // #[input(ge = 9, le = 5)]
    if let (Some(ge), Some(le), Some(key)) = (ge, le, &keys.le)
        && above(ge, le)
    {
        errors.push(&key.value, format!("`le` is {} and below `ge`, which is {}; no value would be allowed", shown(le), shown(ge)));
        return;
    }
    if let (Some(default), Some(key)) = (default, &keys.default) {
        // #[input(default = 0, ge = 1)]
        if let Some(ge) = ge.filter(|ge| above(ge, default)) {
            errors.push(&key.value, format!("the default {} is less than the minimum of {}", shown(default), shown(ge)));
        }
        // #[input(default = 9, le = 5)]
        if let Some(le) = le.filter(|le| above(default, le)) {
            errors.push(&key.value, format!("the default {} is greater than the maximum of {}", shown(default), shown(le)));
        }
    }
    let (Some((from, to)), Some(key)) = (recommended, &keys.recommended) else { return };
    // #[input(recommended = 50..=20)]
    if above(from, to) {
        errors.push(&key.value, format!("the recommended range begins at {} and ends before it, at {}", shown(from), shown(to)));
        return;
    }
    // #[input(le = 10, recommended = 5..=20)]
    if ge.is_some_and(|ge| above(ge, from)) || le.is_some_and(|le| above(to, le)) {
        errors.push(&key.value, "the recommended range reaches outside of `ge` and `le`");
        return;
    }
    // #[input(default = 1, recommended = 5..=20)]
    if let (Some(default), Some(key)) = (default, &keys.default)
        && (above(from, default) || above(default, to))
    {
        errors.push(
            &key.value,
            format!("the default {} is outside of the recommended range {} to {}", shown(default), shown(from), shown(to)),
        );
    }
}
