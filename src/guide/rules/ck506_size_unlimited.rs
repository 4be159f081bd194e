use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{module_with_files, opened_uploads, read_uploads};
use crate::guide::python::syntax::Node;
use crate::guide::python::{Call, Module};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds files that open uploaded pictures and never resize, crop or measure one.
///
/// ## Why is this bad?
/// A photo of 48 megapixels goes to the model as it is, and the machine runs out of memory.
///
/// ## Example
/// ```python
/// result = self.model(Image.open(image))
/// ```
///
/// ## Use instead
/// ```python
/// picture = Image.open(image)
/// picture.thumbnail((1024, 1024))
/// result = self.model(picture)
/// ```
///
/// ## What it may get wrong
/// The model, its processor or another file may resize by itself. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

/// Functions that make an image smaller, or processors of models that do.
const RESIZERS: &[&str] = &[
    "resize",
    "thumbnail",
    "crop",
    "fit",
    "contain",
    "reduce",
    "draft",
    "interpolate",
    "Resize",
    "CenterCrop",
    "RandomCrop",
    "RandomResizedCrop",
    "Compose",
    "processor",
    "image_processor",
    "feature_extractor",
    "preprocess",
    "preprocess_image",
    "transform",
    "letterbox",
    "resize_image",
    "rescale",
    "center_crop",
    "resized_crop",
    "warpAffine",
];
/// Names of sides and sizes, which a comparison limits.
const SIZES: &[&str] = &["size", "width", "height", "shape", "w", "h", "max_size", "max_side"];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    if module.mentions("MAX_IMAGE_PIXELS") || module.mentions("cog_kit") || is_limited(module) {
        return;
    }
    let calls = opened_uploads(module).chain(read_uploads(module).map(|(call, _)| call));
    if let Some(call) = calls.min_by_key(|call| call.node(module).range().start) {
        let message = "nothing limits the size of the image";
        found.at(module.span(call.node(module)), message, "a longest side or a number of pixels, the aspect ratio kept");
    }
}

/// Whether the file makes images smaller, or compares their sides with something.
fn is_limited(module: &Module) -> bool {
    let resizes =
        |call: &Call| RESIZERS.contains(&call.method()) || call.method().ends_with("_processor") || call.method().contains("resize");
    let measures = |node: Node<'_>| node.subtree().any(|part| part.kind() == "identifier" && SIZES.contains(&part.text()));
    let compares = |node: Node<'_>| match node.kind() {
        "comparison_operator" => measures(node),
        "call" => node.field("function").is_some_and(|function| matches!(function.text(), "min" | "max")) && measures(node),
        _ => false,
    };
    module.running().any(resizes) || module.tree.root().subtree().any(compares)
}
