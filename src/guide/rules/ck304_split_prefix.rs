use std::collections::BTreeMap;

use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::listed;

/// ## What it does
/// Finds inputs that share a prefix and have inputs without it between them.
///
/// ## Why is this bad?
/// The prefix says that they are a group, and a group is read as one only when it stands as one.
///
/// ## Example
/// ```python
/// tiling_size: int = Input(default=512, ge=64, le=1024, description="Side of a tile, in pixels."),
/// seed: int = Input(default=None, description="Same seed, same picture."),
/// tiling_overlap: int = Input(default=32, ge=0, le=64, description="Pixels that tiles share."),
/// ```
///
/// ## Use instead
/// ```python
/// tiling_size: int = Input(default=512, ge=64, le=1024, description="Side of a tile, in pixels."),
/// tiling_overlap: int = Input(default=32, ge=0, le=64, description="Pixels that tiles share."),
/// seed: int = Input(default=None, description="Same seed, same picture."),
/// ```
///
/// ## What it may get wrong
/// A first word that two unrelated inputs share. Words that begin many names, such as `num`, `use`, `keep`, `first` and `image`, make no group. Required inputs
/// are not counted, since they go first.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const NO_GROUP: &[&str] = &[
    "num",
    "max",
    "min",
    "use",
    "enable",
    "disable",
    "is",
    "has",
    "apply",
    "add",
    "return",
    "output",
    "image",
    "input",
    "prompt",
    "model",
    "top",
    "video",
    "audio",
    "text",
    "face",
    "no",
    "skip",
    "save",
    "with",
    "target",
    "source",
    "extra",
    "high",
    "low",
    "start",
    "end",
    "only",
    "auto",
    "n",
    "random",
    "total",
    "color",
    "negative",
    "background",
    "mask",
    "keep",
    "show",
    "force",
    "allow",
    "remove",
    "generate",
    "include",
    "exclude",
    "ignore",
    "preserve",
    "invert",
    "convert",
    "go",
    "should",
    "make",
    "run",
    "print",
    "custom",
    "first",
    "last",
    "second",
    "default",
    "initial",
    "final",
    "original",
    "left",
    "right",
];

fn check(model: &Model, found: &mut Findings) {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, input) in model.inputs.iter().enumerate().filter(|(_, input)| !input.is_required()) {
        if let Some((prefix, _)) = input.name.split_once('_').filter(|(prefix, _)| prefix.len() > 1 && !NO_GROUP.contains(prefix)) {
            groups.entry(prefix).or_default().push(index);
        }
    }
    for (prefix, members) in groups {
        // Longer names of another group may begin with the same word: only strangers split a group.
        let split = members.windows(2).find(|pair| {
            let between = &model.inputs[pair[0] + 1..pair[1]];
            between.iter().any(|input| input.name != prefix && !input.is_required())
        });
        if let Some(pair) = split {
            let (before, after) = (&model.inputs[pair[0]], &model.inputs[pair[1]]);
            let (count, strangers) = (pair[1] - pair[0] - 1, model.inputs[pair[0] + 1..pair[1]].iter().map(|input| input.name.as_str()));
            let verb = if count == 1 { "stands" } else { "stand" };
            let message =
                format!("the group `{prefix}_…` is split: {} {verb} between `{}` and `{}`", listed(strangers), before.name, after.name);
            found.input(after, message, format!("`{}` right after `{}`", after.name, before.name));
        }
    }
}
