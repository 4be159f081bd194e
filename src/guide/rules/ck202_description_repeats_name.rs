use crate::guide::finding::Level;
use crate::guide::model::{Input, Model};
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::{parts, words};

/// ## What it does
/// Finds descriptions that say nothing but the name.
///
/// ## Why is this bad?
/// Whoever needs the description has read the name already.
///
/// ## Example
/// ```python
/// mask: Path = Input(description="The input mask")
/// ```
///
/// ## Use instead
/// ```python
/// mask: Path = Input(description="PNG or JPEG of the picture's size: white is painted anew, black is kept.")
/// ```
///
/// ## What it may get wrong
/// Nothing known: a word that is neither in the name nor a filler is enough.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "for",
    "to",
    "in",
    "is",
    "this",
    "your",
    "be",
    "and",
    "input",
    "value",
    "parameter",
    "setting",
    "option",
    "number",
    "num",
    "set",
    "specify",
    "choose",
    "select",
    "provide",
    "which",
    "use",
    "used",
];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| only_repeats_name(input)) {
        let instead = "say what it changes, in which unit, and which values work well";
        found.input_at(input, input.description_place(), format!("the description of `{}` only repeats its name", input.name), instead);
    }
}

/// Whether this rule has something to say of the description, so that others need not.
pub(super) fn only_repeats_name(input: &Input) -> bool {
    let said = words(input.says());
    let name: Vec<String> = parts(&input.name).into_iter().map(str::to_lowercase).collect();
    let is_in_name = |word: &String| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        name.iter().any(|part| part == word || part == singular || part.strip_suffix('s') == Some(singular))
    };
    !said.is_empty() && said.iter().all(|word| FILLERS.contains(&word.as_str()) || is_in_name(word))
}
