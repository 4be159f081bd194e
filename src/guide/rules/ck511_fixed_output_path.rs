use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds results saved under a fixed path in `run` or `predict`.
///
/// ## Why is this bad?
/// Cog sends the file after the method has returned, so the next prediction may overwrite what this one made.
///
/// ## Example
/// ```python
/// picture.save("/tmp/out.png")
/// return Path("/tmp/out.png")
/// ```
///
/// ## Use instead
/// ```python
/// out = Path(tempfile.mkdtemp()) / "out.png"
/// picture.save(out)
/// return out
/// ```
///
/// ## What it may get wrong
/// A file that only this method reads again is harmless as long as predictions run one after the other.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const ENDINGS: &[&str] = &[
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".webm", ".mov", ".wav", ".mp3", ".flac", ".zip", ".tar", ".glb", ".obj", ".ply",
    ".json", ".csv",
];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for call in module.calls.iter().filter(|call| module.in_predict(call)) {
        let path = match (call.path.as_str(), call.method()) {
            ("cv2.imwrite" | "imageio.imwrite" | "imageio.mimsave" | "soundfile.write", _) => call.argument(module, 0),
            (_, "save_image" | "export_to_video" | "write_video") => call.argument(module, 1).or_else(|| call.argument(module, 0)),
            (_, "save" | "export" | "write_videofile") => call.argument(module, 0),
            _ => None,
        };
        let Some(argument) = path else { continue };
        let fixed = module.known_text(argument, call.function).filter(|text| ENDINGS.iter().any(|ending| text.ends_with(ending)));
        if let Some(text) = fixed {
            let message = format!("every prediction writes to `{text}`");
            found.at(module.span(argument), message, "a name of its own for each: `Path(tempfile.mkdtemp()) / …`").scope =
                module.span(call.node(module));
        }
    }
}
