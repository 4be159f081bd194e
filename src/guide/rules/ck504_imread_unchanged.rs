use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{is_upload, module_with_files};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds `cv2.imread` of an upload with `IMREAD_UNCHANGED` in a file that never asks for the number of channels.
///
/// ## Why is this bad?
/// The array has one, three or four channels of 8 or 16 bits, and lies on its side when the photo does.
///
/// ## Example
/// ```python
/// picture = cv2.imread(str(image), cv2.IMREAD_UNCHANGED)
/// ```
///
/// ## Use instead
/// ```python
/// picture = cv2.imread(str(image), cv2.IMREAD_COLOR)
/// ```
///
/// ## What it may get wrong
/// The channels may be counted in another file.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    let counts = |node: &crate::guide::python::syntax::Node<'_>| {
        (node.kind() == "subscript" && matches!(node.text().rsplit("shape").next(), Some("[2]" | "[-1]")))
            || (node.kind() == "attribute" && node.text().ends_with(".ndim"))
    };
    if module.tree.root().subtree().any(|node| counts(&node)) {
        return;
    }
    for call in module.calls.iter().filter(|call| call.path == "cv2.imread" && is_upload(module, call)) {
        let flags = call.argument(module, 1).or_else(|| call.keyword(module, "flags"));
        if let Some(flags) = flags.filter(|flags| flags.text() == "-1" || flags.text().ends_with("IMREAD_UNCHANGED")) {
            let message = "the picture keeps whatever channels, depth and orientation its file has";
            found.at(module.span(flags), message, "`cv2.IMREAD_COLOR`, or `cog_kit` to open it").scope = module.span(call.node(module));
        }
    }
}
