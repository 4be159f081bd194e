use super::ck202_description_repeats_name::only_repeats_name;
use crate::guide::finding::Level;
use crate::guide::model::{Kind, Model};
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::{parts, words};

/// ## What it does
/// Finds descriptions that add fewer than three words to the name.
///
/// ## Why is this bad?
/// A number or a choice without guidance is set by trial and error, and every trial costs its user time and money.
///
/// ## Example
/// ```python
/// tile_size: int = Input(default=512, ge=64, le=2048, description="Size of squares")
/// ```
///
/// ## Use instead
/// ```python
/// tile_size: int = Input(default=512, ge=64, le=2048, description="Side of a tile in pixels; smaller needs less memory and takes longer.")
/// ```
///
/// ## What it may get wrong
/// Two words can be all there is to say. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const SMALL: &[&str] = &["a", "an", "the", "of", "for", "to", "in", "is", "this", "your", "be", "and", "or", "input", "with", "on"];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.kind != Kind::Secret && !input.deprecated && !only_repeats_name(input)) {
        let said = words(input.says());
        let name = parts(&input.name);
        let new = said.iter().filter(|word| !SMALL.contains(&word.as_str()) && !name.contains(&word.as_str())).count();
        if (1..3).contains(&new) {
            let message = format!("the description of `{}` is too short to help", input.name);
            found.input_at(input, input.description_place(), message, "say what it changes, in which unit, and which values work well");
        }
    }
}
