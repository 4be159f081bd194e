use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds patterns that RE2 cannot compile: look ahead and behind, references to groups, and brackets that do not match.
///
/// ## Why is this bad?
/// Cog compiles every pattern when it checks the document, and the build fails.
///
/// ## Example
/// ```python
/// code: str = Input(regex=r"^(?!0)\d+$", description="Digits; the first is not 0.")
/// ```
///
/// ## Use instead
/// ```python
/// code: str = Input(regex=r"^[1-9]\d*$", description="Digits; the first is not 0.")
/// ```
///
/// ## What it may get wrong
/// Rare parts of the syntax, such as names of Unicode classes, are not looked up.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Pattern, found);
}
