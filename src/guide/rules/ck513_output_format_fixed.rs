use std::collections::HashSet;

use super::ck511_fixed_output_path::handed_out;
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::Call;
use crate::guide::python::syntax::Node;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds pictures saved in one format by a model that has no input for it.
///
/// ## Why is this bad?
/// A PNG of a photo is ten times the size of a WebP, and who needs transparency or a JPEG has to convert.
///
/// ## Example
/// ```python
/// picture.save(out / "out.png")
/// ```
///
/// ## Use instead
/// ```python
/// output_format: str = Input(default="webp", choices=["webp", "jpg", "png"], description="Format of the result.")
/// ```
///
/// ## What it may get wrong
/// Masks and depth maps need PNG. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    let Some((module, signature)) = model.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?))) else { return };
    if model.inputs.iter().any(|input| input.name.contains("format") || input.name.contains("extension")) {
        return;
    }
    let known = |node| module.known_text(node, Some(signature.predict));
    let returned: HashSet<String> = handed_out(module, module.tree.node(signature.predict)).into_iter().filter_map(known).collect();
    // A path that is known and not returned is a step on the way.
    let is_step = |call: &Call| call.argument(module, 0).and_then(known).is_some_and(|path| !returned.contains(&path));
    let saves = |method: &str| matches!(method, "save" | "imwrite" | "save_image");
    for call in module.calls.iter().filter(|call| module.in_predict(call) && saves(call.method()) && !is_step(call)) {
        let node = call.node(module);
        let Some(arguments) = node.field("arguments") else { continue };
        let is_picture = |text: &str| [".png", ".jpg", ".jpeg", ".webp"].iter().any(|ending| text.to_lowercase().ends_with(ending));
        let names_picture = |part: &Node<'_>| part.kind() == "string_content" && is_picture(part.text());
        let literal = arguments.subtree().find(names_picture);
        // A variable that was set to such a path.
        let variable = || {
            let function = Some(signature.predict);
            arguments
                .children()
                .find(|argument| module.written(*argument, function).is_some_and(|path| path.subtree().any(|part| names_picture(&part))))
        };
        let written = literal.or_else(variable);
        if let Some(written) = written {
            found.at(module.span(written), "the format of the result is fixed", "inputs `output_format` and `output_quality`").scope =
                module.span(node);
        }
    }
}
