use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds files of the model that cannot be read: Python that CPython refuses to compile, cog.yaml, Cargo.toml and documents that are not in
/// their format, files that are missing, too large, not UTF-8 or not regular files. Everything else of the model is checked all the same.
///
/// ## Why is this bad?
/// What cannot be read cannot be built, or fails when the container starts.
///
/// ## Example
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw." -> Path:
/// ```
///
/// ## Use instead
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw.")) -> Path:
/// ```
///
/// ## What it may get wrong
/// The place: a bracket that is never closed is often noticed many lines later. Python is read as the version that cog.yaml asks for,
/// or as the newest one that is known here. What only appears while the file is imported is not seen.
pub(super) const RULE: Rule = Rule { level: Level::Error, check };

fn check(model: &Model, found: &mut Findings) {
    for fault in &model.faults {
        found.at(fault.place, fault.message.clone(), fault.instead.clone());
    }
}
