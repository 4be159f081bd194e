use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::names_file_input;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds code that takes the extension from the name of an uploaded file.
///
/// ## Why is this bad?
/// Names lie: `.JPG`, no extension at all, a PNG called `photo.jpg`; the result is a file that does not open.
///
/// ## Example
/// ```python
/// extension = os.path.splitext(str(image))[1]
/// ```
///
/// ## Use instead
/// ```python
/// extension = "." + Image.open(image).format.lower()
/// ```
///
/// ## What it may get wrong
/// Files whose kind only the name tells, such as archives and text.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some((module, signature)) = model.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?))) else { return };
    let predict = module.tree.node(signature.predict);
    let Some(body) = predict.field("body") else { return };
    let is_input = |name: &str| model.inputs.iter().any(|input| input.is_file() && input.name == name);
    for node in body.subtree().filter(|node| node.kind() == "attribute") {
        let (Some(object), Some(attribute)) = (node.field("object"), node.field("attribute")) else { continue };
        let of_path = is_input(object.text().trim_start_matches("Path(").trim_end_matches(')'));
        if attribute.text() == "suffix" && of_path {
            found.at(module.span(node), "the extension comes from the upload's name", "the format that the content has");
        }
    }
    for call in module.calls.iter().filter(|call| module.in_predict(call)) {
        let node = call.node(module);
        let takes = match (call.path.as_str(), call.method()) {
            ("os.path.splitext", _) => call.argument(module, 0).is_some_and(|argument| names_file_input(model, argument)),
            (_, "split" | "rsplit" | "endswith") => {
                let dot = call
                    .argument(module, 0)
                    .is_some_and(|argument| argument.text().trim_matches(['"', '\'']).starts_with('.') || argument.kind() == "tuple");
                dot && call.receiver(module).is_some_and(|receiver| receiver.kind() != "identifier" && names_file_input(model, receiver))
            }
            _ => false,
        };
        // The name without its extension is fine: `splitext(…)[0]`.
        let stem_only = node.parent().kind() == "subscript" && node.parent().field("subscript").is_some_and(|index| index.text() == "0");
        if takes && !stem_only {
            found.at(module.span(node), "the extension comes from the upload's name", "the format that the content has");
        }
    }
}
