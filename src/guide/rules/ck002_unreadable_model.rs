use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds the first place in the predictor's file that is not Python, and documents that Cog did not print.
///
/// ## Why is this bad?
/// Cog reads the inputs from the text of this file, and what it cannot parse it cannot publish.
///
/// ## Example
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw." -> Path:
/// ```
///
/// ## Use instead
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw.")) -> Path:
/// ```
///
/// ## What it may get wrong
/// The place: a bracket that is never closed is often noticed many lines later. Syntax newer than the parser's grammar is reported too.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    if let Some(node) = module.first_error() {
        let mut span = module.span(node);
        // An error may reach to the end of the file; its beginning is what to look at.
        let first_line = node.text().lines().next().map_or(0, str::len);
        span.end = span.end.min(span.start + first_line);
        found.at(span, "this is not valid Python", "correct the syntax here or just before");
    }
}
