use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds `@streaming` on a method that does not yield, and `@concurrent` with a number that Cog cannot use.
///
/// ## Why is this bad?
/// Cog refuses to build a model with such a decorator.
///
/// ## Example
/// ```python
/// @concurrent(max=N)
/// async def run(self, prompt: str) -> str:
/// ```
///
/// ## Use instead
/// ```python
/// @concurrent(max=4)
/// async def run(self, prompt: str) -> str:
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Decorator, found);
}
