use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{module_with_files, opened_uploads};
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
    for call in opened_uploads(module) {
        let message = "the picture is opened without its EXIF orientation";
        found.at(module.span(call.node(module)), message, "`ImageOps.exif_transpose(Image.open(…))`, or `cog_kit` to open it");
    }
}
