use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds predictors that do not say what they return.
///
/// ## Why is this bad?
/// Cog cannot make a document without the type of the result, and the build fails.
///
/// ## Example
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw.")):
/// ```
///
/// ## Use instead
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw.")) -> Path:
/// ```
///
/// ## What it may get wrong
/// Versions of Cog before 0.17 took `Any` instead.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::MissingOutput, found);
}
