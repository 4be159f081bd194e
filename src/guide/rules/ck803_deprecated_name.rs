use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::{Input, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds settings, methods and types that Cog still takes and has better names for.
///
/// ## Why is this bad?
/// Deprecated names are removed one day, and new features come to the new ones alone.
///
/// ## Example
/// ```yaml
/// predict: "predict.py:Predictor"
/// ```
///
/// ## Use instead
/// ```yaml
/// run: "run.py:Runner"
/// ```
///
/// ## What it may get wrong
/// Models that have to build with versions of Cog before 0.20 need the old names.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Deprecated, found);
    for input in model.inputs.iter().filter(|_| model.module.is_some()) {
        let Some(written) = written_type(model, input) else { continue };
        if written.split(|c: char| !c.is_alphanumeric() && c != '_').any(|name| name == "File") {
            found.input(input, format!("`{}` is a `File`, which is deprecated", input.name), "`Path`, which `open` takes");
        }
    }
}

/// The annotation of an input as it is written.
fn written_type<'m>(model: &'m Model, input: &Input) -> Option<&'m str> {
    let module = model.module.as_ref()?;
    module.node_at(input.scope)?.field("type").map(|node| node.text())
}
