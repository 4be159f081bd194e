use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds files in which Cog reads another definition than Python runs.
///
/// ## Why is this bad?
/// The published inputs are then not those of the code that runs.
///
/// ## Example
/// ```python
/// class Runner(BaseRunner): ...
///
/// class Runner(BaseRunner): ...
/// ```
///
/// ## Use instead
/// ```python
/// class Runner(BaseRunner): ...
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::OtherDefinition, found);
}
