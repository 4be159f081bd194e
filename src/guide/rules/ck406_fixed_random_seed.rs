use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::{says_any, words};

/// ## What it does
/// Finds seeds that are described as random and have a fixed default.
///
/// ## Why is this bad?
/// Users leave the seed alone, get the same picture every time, and think that the model has nothing else to offer.
///
/// ## Example
/// ```python
/// seed: int = Input(default=42, description="Random seed. Leave blank to randomize.")
/// ```
///
/// ## Use instead
/// ```python
/// seed: Optional[int] = Input(default=None, description="Same seed, same picture; leave blank for a new one each time.")
/// ```
///
/// ## What it may get wrong
/// A default that the description names as the sign for random, such as -1 or 0, is left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

/// What promises another seed each time. "Random seed" alone does not: it is the seed of random numbers.
const RANDOM: &[&str] = &[
    "randomize",
    "randomise",
    "randomized",
    "randomised",
    "randomly",
    "random if",
    "random when",
    "random by default",
    "for random",
    "for a random",
    "leave blank",
    "leave empty",
    "if empty",
    "if blank",
    "if not set",
    "if not given",
];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.is_seed()) {
        let Some(default) = input.default.number() else { continue };
        let random = says_any(input.says(), RANDOM);
        // "set to 0 for random": the default is a sign, and the description says so.
        let named = words(input.says()).contains(&default.abs().to_string()) || default < 0.0;
        if random && !named {
            let place = input.default_place.unwrap_or(input.place);
            let message = format!("`{}` is described as random and is always {default}", input.name);
            found.input_at(input, place, message, "`Optional[int]` with `default=None`, or a description without \"random\"");
        }
    }
}
