use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{Alpha, is_opened, module_with_files, read_uploads};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds `convert("RGB")` on an upload in a file that never looks at transparency.
///
/// ## Why is this bad?
/// What is transparent turns into whatever colour lies below, mostly black, and cut-outs get ragged edges.
///
/// ## Example
/// ```python
/// picture = Image.open(image).convert("RGB")
/// ```
///
/// ## Use instead
/// ```python
/// picture = Image.open(image).convert("RGBA")
/// white = Image.new("RGBA", picture.size, "white")
/// picture = Image.alpha_composite(white, picture).convert("RGB")
/// ```
///
/// ## What it may get wrong
/// Transparency may be looked at in another file, or the uploads may never have any.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = module_with_files(model) else { return };
    let looks = module.mentions("alpha_composite")
        || module.mentions("has_transparency_data")
        || ["RGBA", "LA", "A"].iter().any(|mode| module.has_text(mode));
    if looks {
        return;
    }
    // `[..., :3]` takes the color channels alone, knowingly.
    let sliced = module.tree.root().text().contains(":3]");
    let unchanged = module.mentions("IMREAD_UNCHANGED") || module.mentions("IMREAD_GRAYSCALE") || module.mentions("COLOR_BGRA2RGBA");
    for (call, reader) in read_uploads(module).filter(|(_, reader)| !(unchanged || (sliced && reader.alpha == Alpha::Kept))) {
        // Who says `IMREAD_COLOR` has decided.
        if call.path == "cv2.imread" && call.argument(module, 1).is_some() {
            continue;
        }
        let message = match reader.alpha {
            Alpha::Dropped => format!("`{}` drops transparency instead of putting a background behind it", call.path),
            Alpha::Kept => format!("`{}` gives a fourth channel for images with transparency", call.path),
        };
        found.at(
            module.span(call.node(module)),
            message,
            "`Image.open` and `Image.alpha_composite` over a background, or `cog_kit` to open the image",
        );
    }
    for call in module.calls.iter().filter(|call| call.method() == "convert") {
        let to_rgb = call.argument(module, 0).is_some_and(|mode| matches!(mode.text(), "\"RGB\"" | "'RGB'"));
        if to_rgb && call.receiver(module).is_some_and(|receiver| is_opened(module, receiver, call.function)) {
            let node = call.node(module);
            let argument = node.field("arguments").unwrap_or(node);
            let message = "`convert(\"RGB\")` drops transparency instead of putting a background behind it";
            found
                .at(module.span(argument), message, "`Image.alpha_composite` over a background first, or `cog_kit` to open the picture")
                .scope = module.span(node);
        }
    }
}
