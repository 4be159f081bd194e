use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{module_with_files, opened_uploads, read_uploads};
use crate::guide::python::{Call, Module};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds uploads opened with Pillow in a file that never looks at their EXIF orientation.
///
/// ## Why is this bad?
/// Photos from phones are stored lying on their side, and the model sees them so.
///
/// ## Example
/// ```python
/// picture = Image.open(image)
/// ```
///
/// ## Use instead
/// ```python
/// picture = ImageOps.exif_transpose(Image.open(image))
/// ```
///
/// ## What it may get wrong
/// The picture may be turned in another file. One `exif_transpose` is taken to cover every picture of the file.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    if ["exif_transpose", "getexif", "_getexif"].iter().any(|name| module.mentions(name)) {
        return;
    }
    for (call, _) in read_uploads(module).filter(|(call, reader)| !reader.turns && !is_turned(module, call)) {
        let message = format!("`{}` reads the image without its EXIF orientation", call.path);
        found.at(module.span(call.node(module)), message, "`ImageOps.exif_transpose(Image.open(…))` from Pillow, or `cog_kit` to open it");
    }
    for call in opened_uploads(module) {
        let message = "the picture is opened without its EXIF orientation";
        found.at(module.span(call.node(module)), message, "`ImageOps.exif_transpose(Image.open(…))`, or `cog_kit` to open it");
    }
}

/// Whether the call is told to turn the image.
fn is_turned(module: &Module, call: &Call) -> bool {
    ["rotate", "apply_exif_orientation", "exifrotate"]
        .iter()
        .any(|name| call.keyword(module, name).is_some_and(|value| value.kind() != "false"))
}
