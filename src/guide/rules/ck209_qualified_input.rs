use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds `cog.Input(…)`, written with its module.
///
/// ## Why is this bad?
/// Cog's parser knows only the imported name `Input`, so description, default and limits are lost.
///
/// ## Example
/// ```python
/// import cog
/// def run(prompt: str = cog.Input(description="What to draw.")) -> str:
/// ```
///
/// ## Use instead
/// ```python
/// from cog import Input
/// def run(prompt: str = Input(description="What to draw.")) -> str:
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    for (input, module, call) in model.input_calls().filter(|(_, _, call)| !call.known) {
        if let Some(function) = module.tree.node(call.node).field("function") {
            let message = format!("Cog does not recognise `{}` in the default of `{}`", function.text(), input.name);
            found.input_at(input, module.span(function), message, "`from cog import Input` and `Input(…)`");
        }
    }
}
