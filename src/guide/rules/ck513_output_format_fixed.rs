use crate::guide::finding::Level;
use crate::guide::model::Model;
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
    let Some(module) = &model.module else { return };
    if model.inputs.iter().any(|input| input.name.contains("format") || input.name.contains("extension")) {
        return;
    }
    let saves = |method: &str| matches!(method, "save" | "imwrite" | "save_image");
    for call in module.calls.iter().filter(|call| module.in_predict(call) && saves(call.method())) {
        let node = call.node(module);
        let Some(arguments) = node.field("arguments") else { continue };
        let is_picture = |text: &str| [".png", ".jpg", ".jpeg", ".webp"].iter().any(|ending| text.to_lowercase().ends_with(ending));
        let written = arguments.subtree().find(|part| part.kind() == "string_content" && is_picture(part.text()));
        if let Some(written) = written {
            found.at(module.span(written), "the format of the result is fixed", "inputs `output_format` and `output_quality`").scope =
                module.span(node);
        }
    }
}
