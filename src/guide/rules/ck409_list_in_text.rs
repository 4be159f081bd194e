use crate::guide::finding::Level;
use crate::guide::model::{Kind, Model};
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::says_any;

/// ## What it does
/// Finds texts that are described as a list with separators.
///
/// ## Why is this bad?
/// Every client has to join and escape by itself, and nobody knows what happens to a comma inside an item.
///
/// ## Example
/// ```python
/// tags: str = Input(default="", description="Comma-separated tags to look for.")
/// ```
///
/// ## Use instead
/// ```python
/// tags: list[str] = Input(default=[], description="Tags to look for.")
/// ```
///
/// ## What it may get wrong
/// Prose that happens to have commas, such as a prompt of keywords: inputs with `prompt` in their name are left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const PHRASES: &[&str] = &[
    "comma-separated",
    "comma separated",
    "comma-seperated",
    "separated by commas",
    "separated by a comma",
    "separated by comma",
    "semicolon-separated",
    "semicolon separated",
    "separated by semicolons",
    "space-separated",
    "newline-separated",
    "newline separated",
    "pipe-separated",
    "separated by newlines",
    "separated by |",
    "separated with commas",
    "one per line",
];

fn check(model: &Model, found: &mut Findings) {
    let texts = model.inputs.iter().filter(|input| input.kind == Kind::Text && input.choices.is_none());
    for input in texts.filter(|input| !input.name.contains("prompt") && says_any(input.says(), PHRASES)) {
        let message = format!("text `{}` is described as a list", input.name);
        found.input(input, message, "`list[str]`, or a list of the items' own type");
    }
}
