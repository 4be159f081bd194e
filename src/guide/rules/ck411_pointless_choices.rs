use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds lists of choices with one choice, with a choice twice, or with choices of several types, and
/// ranges with one number.
///
/// ## Why is this bad?
/// A list of one is no choice, a repeated one is shown twice, and mixed ones are refused by clients that trust the type.
///
/// ## Example
/// ```python
/// mode: str = Input(default="fast", choices=["fast"], description="How to balance speed and quality.")
/// ```
///
/// ## Use instead
/// ```python
/// mode: str = Input(default="fast", choices=["fast", "fine"], description="How to balance speed and quality.")
/// ```
///
/// ## What it may get wrong
/// One choice may be kept for requests that still send it: mark it `deprecated` then.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| !input.deprecated) {
        if let (Some(least), true) = (input.ge, input.ge == input.le) {
            found.input(input, format!("`{}` can only be {least}", input.name), "a wider range, or no such input");
        }
        let Some(choices) = &input.choices else { continue };
        let repeated = choices.iter().take(500).enumerate().find(|(index, choice)| choices[..*index].contains(choice));
        let mixed = choices.iter().any(|choice| choice.is_string()) && choices.iter().any(|choice| choice.is_number());
        if choices.len() == 1 {
            found.input(input, format!("`{}` has a single choice", input.name), "more choices, or no such input");
        } else if let Some((_, choice)) = repeated {
            found.input(input, format!("`{}` has the choice {choice} twice", input.name), "each choice once");
        } else if mixed {
            found.input(input, format!("`{}` has choices of several types", input.name), "all texts, or all numbers");
        }
    }
}
