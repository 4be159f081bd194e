use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds keys of cog.yaml that Cog does not know, and names the one that was likely meant.
///
/// ## Why is this bad?
/// Cog drops them without a word, so what was meant does not happen.
///
/// ## Example
/// ```yaml
/// bulid:
///   gpu: true
/// ```
///
/// ## Use instead
/// ```yaml
/// build:
///   gpu: true
/// ```
///
/// ## What it may get wrong
/// Keys that a version of Cog newer than 0.23 may add. A key that only holds an anchor can be silenced.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::UnknownSetting, found);
}
