use crate::guide::finding::Level;
use crate::guide::model::{Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds inputs whose default is None and whose type has no None.
///
/// ## Why is this bad?
/// Cog ignores the default then, so the input is required although the code says it may be left out.
///
/// ## Example
/// ```python
/// seed: int = Input(default=None, description="Same seed, same picture.")
/// ```
///
/// ## Use instead
/// ```python
/// seed: Optional[int] = Input(default=None, description="Same seed, same picture.")
/// ```
///
/// ## What it may get wrong
/// Up to Cog 0.16 such an input was optional.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    if model.module.is_none() {
        return;
    }
    for input in model
        .inputs
        .iter()
        .filter(|input| input.default.is_none() && !input.optional && !matches!(input.kind, Kind::Secret | Kind::Unknown))
    {
        let place = input.default_place.unwrap_or(input.place);
        let message = format!("`{}` has the default None and a type without None, so it is required", input.name);
        found.input_at(input, place, message, "`Optional[…]` around the type, or a default of the type");
    }
}
