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
/// Nothing known: both builds have the same `cv2`. `--fix` writes the change, unless the line has hashes or a version that the other build does not have.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

/// Versions that the headless build does not have.
const MISSING: &[(&str, &str)] = &[
    ("opencv-python", "3.4.0.14"),
    ("opencv-python", "3.4.11.41"),
    ("opencv-python", "3.4.16.57"),
    ("opencv-python", "4.4.0.40"),
    ("opencv-python", "4.8.0.74"),
    ("opencv-contrib-python", "5.1.0.95"),
];

fn check(model: &Model, found: &mut Findings) {
    let keys: std::collections::HashSet<&str> = model.requirements.iter().map(|requirement| requirement.key.as_str()).collect();
    let python = model.requirements.iter().filter(|requirement| requirement.ecosystem == Ecosystem::Python);
    for requirement in python.filter(|requirement| matches!(requirement.key.as_str(), "opencv-python" | "opencv-contrib-python")) {
        let headless = format!("{}-headless", requirement.key);
        let there = keys.contains(headless.as_str());
        let message = format!("`{}` brings windows that nobody will see", requirement.name);
        let draft = found.at(requirement.name_span, message, format!("`{headless}`"));
        draft.scope = requirement.span;
        let published = !MISSING.contains(&(requirement.key.as_str(), requirement.version.as_str()));
        if !there && published && !requirement.hashed {
            draft.fixed_by(requirement.name_span, headless);
        }
    }
}
