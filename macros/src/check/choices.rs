//! `choices`: a closed set of texts or whole numbers.

use syn::Expr;

use crate::errors::Errors;
use crate::model::{Choices, Constant, Key, Keys};
use crate::parse::Shape;

use super::constant::{constant, of_shape};

/// The choices of an input.
pub(super) fn choices(key: &Key, shape: &Shape, errors: &Errors) -> Option<Choices> {
    // #[input(choices = [true, false])] x: bool
    if !matches!(shape, Shape::Text | Shape::Integer(_) | Shape::Other) {
        errors.push(&key.ident, format!("`choices` are for `String` and integers, and this input is {}", shape.describe()));
        return None;
    }
    let Expr::Array(array) = &key.value else {
        errors.push(&key.value, "`choices` is a list: `choices = [\"a\", \"b\"]`");
        return None;
    };
    // #[input(choices = ["a"])]
    if array.elems.len() < 2 {
        let found = if array.elems.is_empty() { "no choice" } else { "1 choice" };
        errors.push(array, format!("found {found}, expected at least 2; an input with one choice asks for nothing"));
        return None;
    }
    let mut seen: Vec<Constant> = Vec::new();
    let mut sound = true;
    for expr in &array.elems {
        let value = constant(expr).and_then(|_| of_shape("a choice", expr, shape, errors));
        let Some(value) = value else {
            if constant(expr).is_none() {
                errors.push(expr, "a choice is written out, as a text or a whole number");
            }
            sound = false;
            continue;
        };
        // #[input(choices = ["a", "a"])]
        if seen.contains(&value) {
            errors.push(expr, "this choice is there already");
            sound = false;
        }
        seen.push(value);
    }
    if !sound {
        return None;
    }
    let texts: Option<Vec<String>> =
        seen.iter().map(|value| if let Constant::Text(text) = value { Some(text.clone()) } else { None }).collect();
    if let Some(texts) = texts {
        return Some(Choices::Texts(texts));
    }
    // On a type that only the compiler knows, texts and numbers may still be mixed.
    let is_integer = |value: &Constant| matches!(value, Constant::Integer(_));
    if let Some((_, expr)) = seen.iter().zip(&array.elems).find(|(value, _)| !is_integer(value) || !seen.first().is_some_and(is_integer)) {
        errors.push(expr, "choices are all texts or all whole numbers");
        return None;
    }
    let integers = seen.iter().map(|value| if let Constant::Integer(integer) = value { i64::try_from(*integer).ok() } else { None });
    let integers: Option<Vec<i64>> = integers.collect();
    // #[input(choices = [1, 18446744073709551615])] x: u64
    if integers.is_none() {
        errors.push(array, format!("Cog's choices go up to {}", i64::MAX));
    }
    integers.map(Choices::Integers)
}

/// Refuses a default that is no choice, and limits that choices make needless.
pub(super) fn agree(keys: &Keys, choices: Option<&Choices>, default: Option<&Constant>, errors: &Errors) {
    let Some(choices) = choices else { return };
    // #[input(choices = [1, 2], ge = 1)]
    for key in [&keys.ge, &keys.le, &keys.min_length, &keys.max_length, &keys.regex, &keys.recommended].into_iter().flatten() {
        errors.push(&key.ident, format!("`{}` has nothing to say beside `choices`, which name every value", key.ident));
    }
    let (Some(default), Some(key)) = (default, &keys.default) else { return };
    // #[input(default = "c", choices = ["a", "b"])]
    let (known, shown) = match (choices, default) {
        (Choices::Texts(texts), Constant::Text(text)) => (texts.contains(text), format!("{texts:?}")),
        (Choices::Integers(integers), Constant::Integer(integer)) => {
            (integers.iter().any(|choice| i128::from(*choice) == *integer), format!("{integers:?}"))
        }
        _ => return,
    };
    if !known {
        errors.push(&key.value, format!("the default is not one of the choices {shown}"));
    }
}
