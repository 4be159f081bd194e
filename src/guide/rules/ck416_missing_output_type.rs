use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds predictors that do not say what they return.
///
/// ## Why is this bad?
/// Clients and the web page cannot know whether a picture or a text comes out.
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
/// Nothing known.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some((module, signature)) = model.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?))) else { return };
    if signature.output.is_none()
        && let Some(name) = module.tree.node(signature.predict).field("name")
    {
        found.at(
            module.span(name),
            format!("`{}` does not say what it returns", name.text()),
            "`-> Path`, `-> str` or the type that it returns",
        );
    }
}
