use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds choices that only running Python would tell, and comments inside the list of choices.
///
/// ## Why is this bad?
/// Cog reads the file without running it, so the build fails or takes the comment for a part of a choice.
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
/// Names that are imported, and attributes, are not reported although Cog may not follow them. Older versions
/// of Cog ran the file and took any list.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    for (input, module, call) in model.input_calls() {
        let Some(node) = call.keyword(module, "choices") else { continue };
        if let Some(comment) = node.subtree().find(|part| part.kind() == "comment") {
            let message = format!("a comment stands inside the choices of `{}`", input.name);
            found.input_at(input, module.span(comment), message, "the comment above the input");
        } else if input.choices.as_ref().is_some_and(Vec::is_empty) && !matches!(node.kind(), "identifier" | "attribute" | "none") {
            let message = format!("the choices of `{}` are not a plain list", input.name);
            found.input_at(input, module.span(node), message, "a list of literals, a constant of this file, or `list(TABLE.keys())`");
        }
    }
}
