use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds parameters without a type.
///
/// ## Why is this bad?
/// Cog leaves them out of the inputs, and Python misses them when the model runs.
///
/// ## Example
/// ```python
/// def run(self, prompt, steps: int = 20) -> Path:
/// ```
///
/// ## Use instead
/// ```python
/// def run(self, prompt: str, steps: int = 20) -> Path:
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Unpublished, found);
}
