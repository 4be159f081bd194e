use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds numbers that lack `ge` or `le`.
///
/// ## Why is this bad?
/// The form shows a bare text box instead of a slider, and one large value can exhaust the machine.
///
/// ## Example
/// ```python
/// upscale: int = Input(default=2, description="How many times larger the result is.")
/// ```
///
/// ## Use instead
/// ```python
/// upscale: int = Input(default=2, ge=1, le=8, description="How many times larger the result is.")
/// ```
///
/// ## What it may get wrong
/// Numbers that have no natural limit. Seeds are left alone, and so are inputs marked `deprecated`.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let numbers = model
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| input.is_number() && input.choices.is_none() && !input.is_seed() && !input.deprecated && !input.is_opaque);
    for (index, input) in numbers {
        // A limit that is there and cannot be read is another rule's business.
        let least = input.ge.is_some() || model.gives(index, "ge");
        let most = input.le.is_some() || model.gives(index, "le");
        let (lacks, instead) = match (least, most) {
            (true, true) => continue,
            (false, false) => ("has no range", "`ge=` and `le=` around the values that work"),
            (true, false) => ("has no upper limit", "`le=` with the largest value that works"),
            (false, true) => ("has no lower limit", "`ge=` with the smallest value that works"),
        };
        found.input(input, format!("number `{}` {lacks}", input.name), instead);
    }
}
