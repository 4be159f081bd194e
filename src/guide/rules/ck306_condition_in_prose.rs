use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::says_any;

/// ## What it does
/// Finds descriptions that say the input only counts when another one is set.
///
/// ## Why is this bad?
/// Users set it, see no effect and do not know why; a name and a place beside the other input say it at a glance.
///
/// ## Example
/// ```python
/// steps: int = Input(default=10, ge=1, le=50, description="Rounds. Only used when refiner is on."),
/// ```
///
/// ## Use instead
/// ```python
/// refiner_steps: int = Input(default=10, ge=1, le=50, description="Rounds of the refiner."),
/// ```
///
/// ## What it may get wrong
/// It does not look whether the input stands in such a group already. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const PHRASES: &[&str] = &[
    "only used if",
    "only used when",
    "only used for",
    "only used with",
    "only applies",
    "only apply",
    "only relevant",
    "only valid",
    "only works",
    "only has an effect",
    "ignored if",
    "ignored when",
    "ignored unless",
    "no effect unless",
    "has no effect",
    "only active",
    "used only if",
    "used only when",
    "only if",
    "only applicable",
    "only available",
    "only has effect",
    "only takes effect",
    "applies only",
    "used only for",
    "used only with",
    "no effect if",
    "no effect when",
    "not used if",
    "not used when",
    "not used unless",
    "ignored for",
    "required if",
    "required when",
    "must be set if",
];

fn check(model: &Model, found: &mut Findings) {
    let names: Vec<&str> = model.inputs.iter().map(|input| input.name.as_str()).collect();
    for input in model.inputs.iter().filter(|input| input.group.is_none()) {
        if says_any(input.says(), PHRASES) || depends(input.says(), &input.name, &names) {
            let message = format!("`{}` says in prose that it depends on another input", input.name);
            found.input_at(input, input.description_place(), message, "a name with the other input's prefix, and a place right below it");
        }
    }
}

/// Whether the text begins with a condition on a name, ends in "(… only)", or says that another input is required.
fn depends(text: &str, own: &str, names: &[&str]) -> bool {
    let lower = text.to_lowercase();
    let only = lower.split('(').skip(1).any(|rest| rest.split(')').next().is_some_and(|inside| inside.ends_with(" only")));
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default().to_lowercase(), words.next().unwrap_or_default());
    let bare = second.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let is_name = (bare.contains('_') || second.starts_with('`') || names.contains(&bare)) && bare != own;
    let conditional = match first.as_str() {
        "if" | "when" => is_name,
        // "For base_image_refiner, …" names a mode; "for image_size" in the middle of a sentence does not.
        "for" => is_name && second.ends_with(','),
        _ => false,
    };
    let requires = names.iter().any(|name| *name != own && lower.contains(&format!("requires `{}`", name.to_lowercase())));
    only || conditional || requires
}
