use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds types that Cog has not: bare lists, tuples, sets, `Literal`, enums, BaseModel, lists of lists, files inside a union, names under which cog's
/// types are imported, inputs with a default and no type, and the decorators of Cog before 0.1.
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
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::InputType, found);
    report(model, RemarkKind::Untyped, found);
}
