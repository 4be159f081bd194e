use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{has_word, module_with_files, opened_from};
use crate::guide::python::syntax::Node;
use crate::guide::python::{Call, Module};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds masks resized with a filter that mixes neighbouring pixels.
///
/// ## Why is this bad?
/// The edge gets values that are neither paint nor keep, and a seam shows in the result.
///
/// ## Example
/// ```python
/// mask = mask.resize(picture.size)
/// ```
///
/// ## Use instead
/// ```python
/// mask = mask.resize(picture.size, Image.NEAREST)
/// ```
///
/// ## What it may get wrong
/// Soft masks, whose grey is meant; and arrays named `mask` whose `resize` is not Pillow's.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    let has_mask = model.inputs.iter().any(|input| input.is_file() && has_word(&input.name, "mask"));
    for call in module.calls.iter().filter(|call| call.method() == "resize") {
        let (subject, at) = if call.path == "cv2.resize" { (call.argument(module, 0), 2) } else { (call.receiver(module), 1) };
        let Some(subject) = subject else { continue };
        // `mask.resize(…)`, and `Image.open(mask).resize(…)` under whatever name.
        let of_mask = |node: &Node<'_>| node.subtree().any(|part| part.kind() == "identifier" && has_word(part.text(), "mask"));
        let opened = opened_from(module, subject, call.function).filter(of_mask);
        // Without such an input, a mask is what the model made, and may well be soft.
        let of_mask = |node: &Node<'_>| has_mask && of_mask(node);
        let named = Some(subject).filter(|subject| subject.kind() == "identifier" && (of_mask(subject) || opened.is_some()));
        let Some(subject) = named.or(opened) else { continue };
        if !is_nearest(module, call, at) {
            let message = format!("mask `{}` is resized with a smoothing filter", subject.text());
            let filter = if call.path == "cv2.resize" { "`interpolation=cv2.INTER_NEAREST`" } else { "`Image.NEAREST` as the filter" };
            found.at(module.span(call.node(module)), message, filter);
        }
    }
}

/// Whether the filter is nearest-neighbour, or none that the code spells out.
fn is_nearest(module: &Module, call: &Call, at: usize) -> bool {
    let pillow = call.argument(module, at).or_else(|| call.keyword(module, "resample"));
    let filter = call
        .keyword(module, "interpolation")
        .or(pillow)
        .or_else(|| (call.path == "cv2.resize").then(|| call.argument(module, 5)).flatten());
    let text = filter.map_or("", |filter| filter.text());
    let known = ["BILINEAR", "BICUBIC", "LANCZOS", "LINEAR", "CUBIC", "AREA", "BOX", "HAMMING", "ANTIALIAS"];
    let smooth = text.is_empty() || known.iter().any(|name| text.ends_with(name) || text.ends_with(&format!("{name}4")));
    !smooth
}
