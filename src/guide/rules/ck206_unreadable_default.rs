use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds defaults that only running Python would tell, and defaults given to `Input` without `default=`. Where Cog drops the default and goes
/// on, the finding is a warning.
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
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Default, found);
}
