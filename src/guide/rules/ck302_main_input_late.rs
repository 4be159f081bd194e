use crate::guide::finding::Level;
use crate::guide::model::{Input, Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds forms that begin with a setting although they have a prompt, a picture or the like.
///
/// ## Why is this bad?
/// The first input is the one that users play with, so it should be what the model is about.
///
/// ## Example
/// ```python
/// seed: int = Input(default=0, description="Start of the random numbers; the same seed gives the same picture."),
/// prompt: str = Input(default="a fox", description="What to draw."),
/// ```
///
/// ## Use instead
/// ```python
/// prompt: str = Input(default="a fox", description="What to draw."),
/// seed: int = Input(default=0, description="Start of the random numbers; the same seed gives the same picture."),
/// ```
///
/// ## What it may get wrong
/// A first choice that decides what all other inputs mean, such as a task, is left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const DECIDES: &[&str] = &["task", "mode", "model", "version", "type", "action", "operation"];

fn check(model: &Model, found: &mut Findings) {
    let Some(first) = model.inputs.first().filter(|first| is_setting(first) && !first.is_opaque) else { return };
    let main = model.inputs.iter().find(|input| input.is_main());
    // A required input after one that may be left out is another rule's business.
    if let Some(main) = main.filter(|main| !main.is_required() || first.is_required()) {
        found.input(main, format!("main input `{}` comes after the setting `{}`", main.name, first.name), format!("`{}` first", main.name));
    }
}

fn is_setting(input: &Input) -> bool {
    let decides = DECIDES
        .iter()
        .any(|word| input.name == *word || input.name.ends_with(&format!("_{word}")) || input.name.starts_with(&format!("{word}_")));
    (input.is_number() || input.kind == Kind::Boolean || input.choices.is_some()) && !decides
}
