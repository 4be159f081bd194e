use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds limits of an input that are not written as a decimal number, and lengths that are not whole.
///
/// ## Why is this bad?
/// Cog drops such a limit without a word, and the input takes any value.
///
/// ## Example
/// ```python
/// steps: int = Input(default=20, ge=1, le=MAX_STEPS, description="Rounds of refinement.")
/// ```
///
/// ## Use instead
/// ```python
/// steps: int = Input(default=20, ge=1, le=100, description="Rounds of refinement.")
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Limit, found);
}
