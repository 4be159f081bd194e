use std::collections::BTreeMap;

use crate::guide::finding::Level;
use crate::guide::model::{Input, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds three or more inputs of one type that differ only in their number, or in their letter.
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
    let mut families: BTreeMap<(&str, bool), Vec<&Input>> = BTreeMap::new();
    for input in &model.inputs {
        if let Some(family) = family(&input.name) {
            families.entry(family).or_default().push(input);
        }
    }
    for ((stem, by_number), inputs) in families.into_iter().filter(|(_, inputs)| inputs.len() > 2) {
        let (Some(first), Some(last)) = (inputs.first(), inputs.last()) else { continue };
        // Letters count when they begin with `a`: `size_x`, `size_y` and `size_z` are directions.
        let is_family = inputs.iter().all(|input| input.kind == first.kind) && (by_number || first.name.ends_with("_a"));
        if is_family {
            let what = if by_number { "number" } else { "letter" };
            let message = format!("{} inputs differ only in their {what}: `{}` to `{}`", inputs.len(), first.name, last.name);
            let stem = stem.trim_end_matches('_');
            found.input(first, message, format!("one list, such as `{stem}s`"));
        }
    }
}

/// What a name shares with others of its kind, and whether they differ in a number rather than a letter.
fn family(name: &str) -> Option<(&str, bool)> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() < name.len() && !stem.is_empty() {
        return Some((stem, true));
    }
    let (stem, letter) = name.rsplit_once('_')?;
    (letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase()) && !stem.is_empty()).then_some((stem, false))
}
