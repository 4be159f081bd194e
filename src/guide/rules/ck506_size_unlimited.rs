use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{module_with_files, opened_uploads};
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

const MEASURES: &[&str] = &[
    "resize",
    "thumbnail",
    "crop",
    "size",
    "width",
    "height",
    "shape",
    "fit",
    "contain",
    "reduce",
    "draft",
    "interpolate",
    "Resize",
    "CenterCrop",
    "RandomCrop",
    "processor",
    "image_processor",
    "feature_extractor",
    "transforms",
    "preprocess",
    "letterbox",
    "MAX_IMAGE_PIXELS",
    "resize_image",
    "cog_kit",
];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    if MEASURES.iter().any(|name| module.mentions(name)) {
        return;
    }
    if let Some(call) = opened_uploads(module).next() {
        let message = "nothing limits the size of the picture";
        found.at(module.span(call.node(module)), message, "a longest side or a number of pixels, the aspect ratio kept");
    }
}
