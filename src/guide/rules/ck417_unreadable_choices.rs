use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds choices that only running Python would tell, and comments inside the list of choices.
///
/// ## Why is this bad?
/// Cog reads the file without running it, and refuses choices that it cannot read.
///
/// ## Example
/// ```python
/// style: str = Input(default="oil", choices=STYLES.keys(), description="How the picture is painted.")
/// ```
///
/// ## Use instead
/// ```python
/// style: str = Input(default="oil", choices=list(STYLES.keys()), description="How the picture is painted.")
/// ```
///
/// ## What it may get wrong
/// Older versions of Cog ran the file and took any list.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Choices, found);
}
