use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds settings of cog.yaml that Cog refuses: of the wrong type, out of range, in conflict, or with a file that is not there.
///
/// ## Why is this bad?
/// `cog build` stops before it has built anything.
///
/// ## Example
/// ```yaml
/// build:
///   python_version: "3.8"
/// run: "run.py"
/// ```
///
/// ## Use instead
/// ```yaml
/// build:
///   python_version: "3.13"
/// run: "run.py:Runner"
/// ```
///
/// ## What it may get wrong
/// Versions of CUDA and cuDNN that are newer than this check are not doubted; older versions of Cog took more settings.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Setting, found);
}
