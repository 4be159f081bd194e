use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds texts that Cog publishes otherwise than Python reads them: with backslashes, or with the quotes between two pieces.
///
/// ## Why is this bad?
/// Cog takes the characters between the first and the last quotes, and users see all of them.
///
/// ## Example
/// ```python
/// prompt: str = Input(description="What to draw. "
///                     "A few plain words are enough.")
/// ```
///
/// ## Use instead
/// ```python
/// prompt: str = Input(description="What to draw. A few plain words are enough.")
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Text, found);
}
