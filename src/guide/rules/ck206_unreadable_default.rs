use crate::guide::finding::Level;
use crate::guide::model::{Default, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds defaults that only running Python would tell, and defaults given to `Input` without `default=`.
///
/// ## Why is this bad?
/// Cog reads the file without running it: the build fails, or the input silently becomes required.
///
/// ## Example
/// ```python
/// prompt: str = Input(default=f"a photo of {SUBJECT}", description="What to draw.")
/// ```
///
/// ## Use instead
/// ```python
/// prompt: str = Input(default="a photo of a fox", description="What to draw.")
/// ```
///
/// ## What it may get wrong
/// Names that are imported, and attributes, are not reported although Cog may not follow them.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

/// Expressions that no parser turns into a value.
const RUN_ONLY: &[&str] =
    &["string", "call", "lambda", "conditional_expression", "list_comprehension", "subscript", "binary_operator", "await"];

fn check(model: &Model, found: &mut Findings) {
    let Some((module, signature)) = model.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?))) else { return };
    for (input, parameter) in model.inputs.iter().zip(&signature.parameters) {
        let positional = parameter.call.as_ref().and_then(|call| call.arguments(module).find(|node| node.kind() != "keyword_argument"));
        if let Some(node) = positional {
            let message = format!("Cog ignores the default of `{}`: it is given without its keyword", input.name);
            found.input_at(input, module.span(node), message, format!("`default={}`", node.text().chars().take(60).collect::<String>()));
        }
        if let Some(factory) = parameter.call.as_ref().and_then(|call| call.keyword(module, "default_factory")) {
            let message = format!("the default of `{}` is made by a function, which Cog refuses", input.name);
            found.input_at(input, module.span(factory), message, "`default=` with the value itself");
        }
        if let (Default::Unreadable, Some(place)) = (&input.default, input.default_place)
            && let Some(node) = module.node_at(place)
            && RUN_ONLY.contains(&node.kind())
        {
            let message = format!("the default of `{}` is not a plain value", input.name);
            found.input_at(input, place, message, "a literal, or the name of a constant of this file");
        }
    }
}
