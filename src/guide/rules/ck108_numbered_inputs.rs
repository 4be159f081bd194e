use std::collections::BTreeMap;

use crate::guide::finding::Level;
use crate::guide::model::{Input, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds three or more inputs of one type that differ only in their number.
///
/// ## Why is this bad?
/// The number of things is fixed for ever, and the form grows by one field for each.
///
/// ## Example
/// ```python
/// image_1: Path = Input(description="First picture, as PNG or JPEG."),
/// image_2: Path = Input(description="Second picture, as PNG or JPEG."),
/// image_3: Path = Input(description="Third picture, as PNG or JPEG."),
/// ```
///
/// ## Use instead
/// ```python
/// images: list[Path] = Input(description="Pictures to join, as PNG or JPEG."),
/// ```
///
/// ## What it may get wrong
/// Each number may have other inputs of its own, which a list cannot have. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    let mut stems: BTreeMap<&str, Vec<&Input>> = BTreeMap::new();
    for input in &model.inputs {
        let stem = input.name.trim_end_matches(|c: char| c.is_ascii_digit());
        if stem.len() < input.name.len() && !stem.is_empty() {
            stems.entry(stem.trim_end_matches('_')).or_default().push(input);
        }
    }
    for (stem, inputs) in stems.into_iter().filter(|(_, inputs)| inputs.len() > 2) {
        if let Some(first) = inputs.first().filter(|first| inputs.iter().all(|input| input.kind == first.kind)) {
            let message = format!("{} inputs differ only in their number: `{stem}1` and so on", inputs.len());
            found.input(first, message, format!("one list, such as `{stem}s`"));
        }
    }
}
