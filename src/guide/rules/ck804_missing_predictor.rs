use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds references of cog.yaml under which Cog finds nothing to run: the file, the class, the function or the method is missing, or not at the top level.
///
/// ## Why is this bad?
/// `cog build` cannot read the inputs, and the container would not start.
///
/// ## Example
/// ```python
/// try:
///     class Runner(BaseRunner): ...
/// except NameError:
///     pass
/// ```
///
/// ## Use instead
/// ```python
/// class Runner(BaseRunner): ...
/// ```
///
/// ## What it may get wrong
/// Base classes are followed within the model's own files, as Cog does; a method that comes from an installed package is not seen by either.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Target, found);
}
