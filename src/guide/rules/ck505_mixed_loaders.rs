use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::names_file_input;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds one upload that is read by Pillow and by OpenCV in the same function.
///
/// ## Why is this bad?
/// OpenCV turns photos upright and Pillow does not, so boxes and masks found on one land elsewhere on the other.
///
/// ## Example
/// ```python
/// faces = detect(cv2.imread(str(image)))
/// picture = Image.open(image)
/// ```
///
/// ## Use instead
/// ```python
/// picture = ImageOps.exif_transpose(Image.open(image))
/// faces = detect(np.array(picture)[:, :, ::-1])
/// ```
///
/// ## What it may get wrong
/// The Pillow picture may be turned upright later on: a file that mentions `exif_transpose` is left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

/// Files with more are not compared to the end.
const MAX_LOADS: usize = 200;

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = model.module.as_ref().filter(|module| !module.mentions("exif_transpose")) else { return };
    let loads: Vec<_> = module
        .calls
        .iter()
        .filter(|call| matches!(call.path.as_str(), "cv2.imread" | "PIL.Image.open"))
        .filter_map(|call| Some((call, call.argument(module, 0).filter(|source| names_file_input(model, *source))?)))
        .take(MAX_LOADS)
        .collect();
    let bare = |text: &str| text.trim_start_matches("str(").trim_end_matches(')').to_owned();
    for (index, (call, source)) in loads.iter().enumerate() {
        let other = loads[..index].iter().find(|(other, before)| {
            other.function == call.function && other.path != call.path && bare(before.text()) == bare(source.text())
        });
        if let Some((other, _)) = other {
            let message = format!("`{}` is read here by `{}` and before by `{}`", bare(source.text()), call.path, other.path);
            found.at(module.span(call.node(module)), message, "one loader, and the array made from its picture");
        }
    }
}
