use crate::guide::finding::Level;
use crate::guide::model::{Default, Input, Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds texts whose description lists the values that are taken, and that have no `choices`.
///
/// ## Why is this bad?
/// Users have to type a value from a sentence, and a mistake is noticed only by the code.
///
/// ## Example
/// ```python
/// quality: str = Input(default="low", description="One of: low, medium, high.")
/// ```
///
/// ## Use instead
/// ```python
/// quality: str = Input(default="low", choices=["low", "medium", "high"], description="How fine the result is; higher takes longer.")
/// ```
///
/// ## What it may get wrong
/// The list may be one of examples. It counts only if the default, where there is one, is in the list. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

/// What stands before a list of all values.
const LEADS: &[&str] = &[
    "one of:",
    "one of",
    "options:",
    "options are",
    "choices:",
    "choose from",
    "choose between",
    "valid values:",
    "valid options:",
    "possible values:",
    "allowed values:",
    "allowed:",
    "must be",
    "can be",
    "either",
];
/// What says that the list is not all of it.
const OPEN: &[&str] = &["e.g.", "for example", "such as", "etc", "like ", "..."];
const MAX_VALUES: usize = 30;

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.kind == Kind::Text && input.choices.is_none() && !input.regex) {
        if let Some(values) = values(input) {
            let listed: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            let message = format!("the description of `{}` lists the values that it takes", input.name);
            found.input_at(input, input.description_place(), message, format!("`choices=[{}]`, if these are all", listed.join(", ")));
        }
    }
}

/// The values that the description lists, if the default is one of them.
fn values(input: &Input) -> Option<Vec<String>> {
    let text = input.says();
    let lower = text.to_lowercase();
    if OPEN.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let after = LEADS.iter().filter_map(|lead| {
        let at = lower.find(lead)?;
        // A word, and not a part of one.
        let is_word = lower.get(..at).is_none_or(|before| !before.ends_with(char::is_alphanumeric));
        text.get(at + lead.len()..).filter(|_| is_word && lower.len() == text.len())
    });
    let listed = after.filter_map(|rest| split(rest, &[",", "|", "/", " or ", " and "], 2));
    let inside = text.split('(').skip(1).filter_map(|rest| split(rest.split(')').next()?, &["/", "|"], 3));
    listed.chain(inside).find(|values| match &input.default {
        Default::Value(serde_json::Value::String(default)) => values.contains(default),
        Default::Value(_) | Default::Unreadable => false,
        Default::Absent => true,
    })
}

/// The parts of a list up to the end of its sentence; nothing if one of them is no plain value.
fn split(rest: &str, separators: &[&str], least: usize) -> Option<Vec<String>> {
    let sentence = rest.split(['.', ';', '(', '\n']).next()?;
    let mut parts = vec![sentence.to_owned()];
    for separator in separators {
        parts = parts.iter().flat_map(|part| part.split(separator).map(str::to_owned)).collect();
    }
    let quotes = ['"', '\'', '`', ' ', ':', '\u{201c}', '\u{201d}', '[', ']'];
    let values: Vec<String> = parts.iter().map(|part| part.trim_matches(quotes).to_owned()).filter(|part| !part.is_empty()).collect();
    let plain = |value: &String| value.len() <= 40 && !value.contains(char::is_whitespace) && !value.contains(['<', '>', '=']);
    ((least..=MAX_VALUES).contains(&values.len()) && values.iter().all(plain)).then_some(values)
}
