use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::source::Span;

/// ## What it does
/// Finds a README that has no line of prose to say what the model does.
///
/// ## Why is this bad?
/// That line is what people read in search results, and they choose by it.
///
/// ## Example
/// ```markdown
/// # Painter
/// ![badge](badge.svg)
/// ```
///
/// ## Use instead
/// ```markdown
/// # Painter
/// Turns a photo into an oil painting.
/// ```
///
/// ## What it may get wrong
/// The line may be published elsewhere. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    if let (Some(readme), None) = (model.readme, &model.summary) {
        found.at(Span::top(readme), "the README does not say what the model does", "one line in plain words below the title");
    }
}
