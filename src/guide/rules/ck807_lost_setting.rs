use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds what Cog drops from an input or a method without a word: a description, a pattern, choices or a decorator that it cannot read without running the file.
///
/// ## Why is this bad?
/// The published model says less than the code, or asks for more.
///
/// ## Example
/// ```python
/// prompt: str = Input(description=f"What to draw, up to {LIMIT} words.")
/// ```
///
/// ## Use instead
/// ```python
/// prompt: str = Input(description="What to draw, up to 70 words.")
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Lost, found);
}
