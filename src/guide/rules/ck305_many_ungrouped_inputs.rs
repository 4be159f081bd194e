use std::collections::HashMap;

use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::source::Span;

/// ## What it does
/// Finds forms with more than ten inputs that belong to no group: neither a prefix shared with another input nor a group of their own.
///
/// ## Why is this bad?
/// Nobody reads a list of fifteen settings; three groups of five are read.
///
/// ## Example
/// ```python
/// prompt, width, height, steps, guidance, seed, scheduler, detail, contrast, sharpness, tiling, upscale
/// ```
///
/// ## Use instead
/// ```python
/// prompt, image_width, image_height, sampling_steps, sampling_seed, finish_contrast, finish_sharpness
/// ```
///
/// ## What it may get wrong
/// Well-known names that make a group without a prefix, such as width and height. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const MAX_UNGROUPED: usize = 10;

fn check(model: &Model, found: &mut Findings) {
    let prefix = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
    let mut sizes: HashMap<String, usize> = HashMap::new();
    for input in &model.inputs {
        *sizes.entry(prefix(&input.name)).or_default() += 1;
    }
    let alone =
        model.inputs.iter().filter(|input| input.group.is_none() && sizes.get(&prefix(&input.name)).is_none_or(|size| *size < 2)).count();
    if let Some(first) = model.inputs.first().filter(|_| alone > MAX_UNGROUPED) {
        let place = Span { end: first.place.end, ..first.place };
        found.at(
            place,
            format!("{alone} inputs belong to no group"),
            "groups of inputs that share a prefix, the most important group first",
        );
    }
}
