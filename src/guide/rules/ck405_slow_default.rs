use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::says_any;

/// ## What it does
/// Finds large defaults for steps and sizes whose description has no word on time.
///
/// ## Why is this bad?
/// The first try is with the defaults, and users leave when it takes a minute without a reason they can see.
///
/// ## Example
/// ```python
/// num_inference_steps: int = Input(default=100, ge=1, le=200, description="Rounds of refinement.")
/// ```
///
/// ## Use instead
/// ```python
/// num_inference_steps: int = Input(default=28, ge=1, le=200, description="Rounds of refinement; 50 looks best and takes twice as long.")
/// ```
///
/// ## What it may get wrong
/// It cannot know how fast the model is. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const SLOW: &[(&str, f64)] = &[("steps", 50.0), ("width", 1536.0), ("height", 1536.0), ("resolution", 1536.0), ("iterations", 200.0)];
const SPEED: &[&str] =
    &["fast", "faster", "speed", "slow", "slower", "time", "quick", "quicker", "quickly", "longer", "seconds", "minutes", "latency"];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.is_number()) {
        let slow = SLOW.iter().find(|(word, _)| input.name.split('_').any(|part| part == *word));
        let (Some((_, least)), Some(default)) = (slow, input.default.number()) else { continue };
        if default >= *least && !says_any(input.says(), SPEED) {
            let place = input.default_place.unwrap_or(input.place);
            let message = format!("the default of `{}` is high and its description says nothing about time", input.name);
            found.input_at(input, place, message, "a default that balances speed and quality, and a word on what more of it costs");
        }
    }
}
