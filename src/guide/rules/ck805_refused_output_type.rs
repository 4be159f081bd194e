use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds result types that Cog refuses: `None` and Optional, unions, tuples, sets, generators, and classes that are not read.
///
/// ## Why is this bad?
/// The build fails, and the message there names neither the line nor what to write.
///
/// ## Example
/// ```python
/// def run(self, prompt: str = Input(description="What to draw.")) -> Optional[Path]:
/// ```
///
/// ## Use instead
/// ```python
/// def run(self, prompt: str = Input(description="What to draw.")) -> Path:
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::OutputType, found);
}
