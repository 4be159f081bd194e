use crate::guide::finding::Level;
use crate::guide::model::{Ecosystem, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds `opencv-python` and `opencv-contrib-python`, the builds with windows and buttons.
///
/// ## Why is this bad?
/// They need libraries for a screen that the image does not have, and the import fails or the image grows.
///
/// ## Example
/// ```text
/// opencv-python==4.10.0.84
/// ```
///
/// ## Use instead
/// ```text
/// opencv-python-headless==4.10.0.84
/// ```
///
/// ## What it may get wrong
/// Nothing known: both builds have the same versions and the same `cv2`. `--fix` writes the change.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let keys: std::collections::HashSet<&str> = model.requirements.iter().map(|requirement| requirement.key.as_str()).collect();
    let python = model.requirements.iter().filter(|requirement| requirement.ecosystem == Ecosystem::Python);
    for requirement in python.filter(|requirement| matches!(requirement.key.as_str(), "opencv-python" | "opencv-contrib-python")) {
        let headless = format!("{}-headless", requirement.key);
        let there = keys.contains(headless.as_str());
        let message = format!("`{}` brings windows that nobody will see", requirement.name);
        let draft = found.at(requirement.name_span, message, format!("`{headless}`"));
        draft.scope = requirement.span;
        if !there {
            draft.fixed_by(requirement.name_span, headless);
        }
    }
}
