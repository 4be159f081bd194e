use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds defaults at the end of a range of decimal numbers or of more than ten whole numbers.
///
/// ## Why is this bad?
/// At the edge users can only go one way, and often the range was meant to be wider.
///
/// ## Example
/// ```python
/// sharpness: float = Input(default=10, ge=0, le=10, description="How hard edges become; 0 leaves them.")
/// ```
///
/// ## Use instead
/// ```python
/// sharpness: float = Input(default=10, ge=0, le=20, description="How hard edges become; 0 leaves them.")
/// ```
///
/// ## What it may get wrong
/// 0 and 1 often mean "off" or "one", and are left alone at the edge; other neutral values are not known. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.is_number() && !input.is_seed() && !input.deprecated) {
        let (Some(default), Some(least), Some(most)) = (input.default.number(), input.ge, input.le) else { continue };
        let neutral = default == 0.0 || default == 1.0 || default == -1.0;
        let few = input.kind == crate::guide::model::Kind::Integer && most - least <= 10.0;
        if (default == least || default == most) && !neutral && !few {
            let end = if default == least { "lowest" } else { "highest" };
            let place = input.default_place.unwrap_or(input.place);
            let message = format!("the default of `{}` is the {end} value allowed", input.name);
            found.input_at(input, place, message, "a wider range, or a default in the middle of what works well");
        }
    }
}
