//! `regex`: a pattern that must be found in a text.

use crate::errors::Errors;
use crate::model::{CheckedInput, Constant, Pattern, RawField};
use crate::parse::Shape;

use super::text_of;

/// What Cog's validation takes for white space; `\s` of the engine that runs here means less.
const SPACE: &str = " \t\n\r\u{b}\u{c}\u{a0}\u{feff}\u{2003}\u{2029}";

/// Everything else, as ranges of a class.
const NO_SPACE: &str = "\0-\u{8}\u{e}-\u{1f}!-\u{9f}\u{a1}-\u{2002}\u{2004}-\u{2028}\u{202a}-\u{fefe}\u{ff00}-\u{10ffff}";

/// The pattern of a text.
pub(super) fn regex(field: &RawField, errors: &Errors) -> Option<Pattern> {
    let key = field.keys.regex.as_ref()?;
    // #[input(regex = "^a")] x: u32
    if !matches!(field.shape, Shape::Text | Shape::Other) {
        errors.push(&key.ident, format!("`regex` is for texts, and this input is {}", field.shape.describe()));
        return None;
    }
    let written = text_of(key, errors)?;
    let compiled = translated(&written);
    // #[input(regex = "[a-z")]
    if let Err(error) = regex_lite::Regex::new(&compiled) {
        let hint = if written.contains("(?=") || written.contains("(?!") || written.contains("(?<") {
            "; looking around and back is not possible, for a request must never make a pattern run for ever"
        } else if written.contains("\\p") || written.contains("\\P") {
            "; classes of Unicode are not possible, write the letters as a range"
        } else {
            ""
        };
        errors.push(&key.value, format!("the pattern cannot be read: {error}{hint}"));
        return None;
    }
    Some(Pattern { written, compiled })
}

/// The pattern with `\s` and `\S` spelled out.
fn translated(pattern: &str) -> String {
    let (mut out, mut letters, mut class) = (String::new(), pattern.chars(), false);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('s') if class => out.push_str(SPACE),
                Some('S') if class => out.push_str(NO_SPACE),
                Some('s') => out.extend(["[", SPACE, "]"]),
                Some('S') => out.extend(["[", NO_SPACE, "]"]),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            '[' if !class => {
                class = true;
                out.push('[');
            }
            ']' if class => {
                class = false;
                out.push(']');
            }
            other => out.push(other),
        }
    }
    out
}

/// Refuses a default in which the pattern is not found.
pub(super) fn agree(field: &RawField, input: &CheckedInput, errors: &Errors) {
    let (Some(pattern), Some(Constant::Text(default)), Some(key)) = (&input.regex, &input.default, &field.keys.default) else { return };
    // #[input(default = "A", regex = "^[a-z]+$")]
    if regex_lite::Regex::new(&pattern.compiled).is_ok_and(|regex| !regex.is_match(default)) {
        errors.push(&key.value, format!("the default does not match the pattern `{}`", pattern.written));
    }
}
