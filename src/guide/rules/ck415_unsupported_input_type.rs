use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds inputs without a type, types that the file has not, and types that Cog has not: bare lists, tuples, sets, `Literal`, enums, BaseModel, lists of
/// lists, files inside a union, `*args`, and the decorators of Cog before 0.1.
///
/// ## Why is this bad?
/// The build fails, and the message there speaks of types rather than of this input.
///
/// ## Example
/// ```python
/// size: Tuple[int, int] = Input(description="Width and height, in pixels.")
/// ```
///
/// ## Use instead
/// ```python
/// size: list[int] = Input(description="Width and height, in pixels.")
/// ```
///
/// ## What it may get wrong
/// Nothing known; types that are imported are left alone.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(signature) = model.module.as_ref().and_then(|module| module.signature.as_ref()) else { return };
    for (input, parameter) in model.inputs.iter().zip(&signature.parameters) {
        if let Some(reason) = parameter.refused {
            found.input(input, format!("Cog refuses the type of input `{}`", input.name), reason);
        } else if !parameter.annotated && signature.decorated {
            let message = format!("input `{}` is described by a decorator, which Cog no longer reads", input.name);
            found.input(input, message, format!("its type and `Input(…)` in the signature: `{}: Path = Input(…)`", input.name));
        } else if !parameter.annotated {
            found.input(input, format!("input `{}` has no type", input.name), format!("`{}: str` or another type", input.name));
        }
    }
}
