//! `choices`: a closed set of texts or whole numbers.

use syn::Expr;

use crate::errors::Errors;
use crate::model::{CheckedInput, Choices, Constant, RawField};
use crate::parse::Shape;

use super::constant::{constant, of_shape};

/// The choices of an input.
pub(super) fn choices(field: &RawField, errors: &Errors) -> Option<Choices> {
    let key = field.keys.choices.as_ref()?;
    // #[input(choices = [true, false])] x: bool
    if !matches!(field.shape, Shape::Text | Shape::Integer(_)) {
        errors.push(&key.ident, format!("`choices` are for `String` and integers, and this input is {}", field.shape.describe()));
        return None;
    }
    let Expr::Array(array) = &key.value else {
        errors.push(&key.value, "`choices` is a list: `choices = [\"a\", \"b\"]`");
        return None;
    };
    // #[input(choices = ["a"])]
    if array.elems.len() < 2 {
        errors.push(array, format!("found {} choice, expected at least 2; an input with one choice asks for nothing", array.elems.len()));
        return None;
    }
    let mut seen: Vec<Constant> = Vec::new();
    let mut sound = true;
    for expr in &array.elems {
        let value = constant(expr).and_then(|_| of_shape("a choice", expr, &field.shape, errors));
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
    let integers = seen.iter().map(|value| if let Constant::Integer(integer) = value { i64::try_from(*integer).ok() } else { None });
    let integers: Option<Vec<i64>> = integers.collect();
    // #[input(choices = [1, 18446744073709551615])] x: u64
    if integers.is_none() {
        errors.push(array, format!("Cog's choices go up to {}", i64::MAX));
    }
    integers.map(Choices::Integers)
}

/// Refuses a default that is no choice, and limits that choices make needless.
pub(super) fn agree(field: &RawField, input: &CheckedInput, errors: &Errors) {
    let Some(choices) = &input.choices else { return };
    let keys = &field.keys;
    // #[input(choices = [1, 2], ge = 1)]
    for key in [&keys.ge, &keys.le, &keys.min_length, &keys.max_length, &keys.regex, &keys.recommended].into_iter().flatten() {
        errors.push(&key.ident, format!("`{}` has nothing to say beside `choices`, which name every value", key.ident));
    }
    let (Some(default), Some(key)) = (&input.default, &keys.default) else { return };
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
