use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{module_with_files, opened_from};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds uploads resized to a fixed size in a file that neither crops nor pads.
///
/// ## Why is this bad?
/// A portrait becomes broad and a panorama narrow, in the model's eyes and in the result.
///
/// ## Example
/// ```python
/// picture = Image.open(image).resize((512, 512))
/// ```
///
/// ## Use instead
/// ```python
/// picture = ImageOps.fit(Image.open(image), (512, 512))
/// ```
///
/// ## What it may get wrong
/// Some models are trained on stretched pictures. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    if ["crop", "pad", "fit", "contain", "letterbox", "expand", "paste", "CenterCrop", "thumbnail"].iter().any(|name| module.mentions(name))
    {
        return;
    }
    for call in module.calls.iter().filter(|call| call.method() == "resize") {
        let Some(size) = call.argument(module, 0).filter(|size| size.kind() == "tuple") else { continue };
        let fixed = size.children().count() == 2 && size.children().all(|side| side.kind() == "integer");
        if fixed && call.receiver(module).is_some_and(|receiver| opened_from(module, receiver, call.function).is_some()) {
            let message = format!("every picture is stretched to {}", size.text());
            found.at(module.span(size), message, "`ImageOps.fit` to crop, or `ImageOps.pad` to add borders").scope =
                module.span(call.node(module));
        }
    }
}
