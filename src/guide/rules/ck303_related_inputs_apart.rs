use crate::guide::finding::Level;
use crate::guide::model::{Input, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds inputs that belong together and have others between them: prompt and negative prompt, width and height, aspect ratio and megapixels, picture and
/// mask, output format and quality, LoRA weights and scale.
///
/// ## Why is this bad?
/// Who sets one of them has to look for the other, or never learns that it is there.
///
/// ## Example
/// ```python
/// width: int = Input(default=768, ge=256, le=1024, description="In pixels."),
/// seed: int = Input(default=None, description="Same seed, same picture."),
/// height: int = Input(default=768, ge=256, le=1024, description="In pixels."),
/// ```
///
/// ## Use instead
/// ```python
/// width: int = Input(default=768, ge=256, le=1024, description="In pixels."),
/// height: int = Input(default=768, ge=256, le=1024, description="In pixels."),
/// seed: int = Input(default=None, description="Same seed, same picture."),
/// ```
///
/// ## What it may get wrong
/// Inputs of the same group may stand between: width, height and depth, or the prompt's language. Required inputs may stand between a required and an
/// optional one of a pair, and pictures between a prompt and what it should not show.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const PAIRS: &[(&str, &str)] = &[
    ("prompt", "negative_prompt"),
    ("width", "height"),
    ("aspect_ratio", "megapixels"),
    ("image", "mask"),
    ("image", "mask_image"),
    ("output_format", "output_quality"),
    ("lora_weights", "lora_scale"),
    ("lora_url", "lora_scale"),
    ("min_length", "max_length"),
    ("min_tokens", "max_tokens"),
    ("start_time", "end_time"),
];

fn check(model: &Model, found: &mut Findings) {
    let at = |name: &str| model.inputs.iter().position(|input| input.name == name);
    for (first, second) in PAIRS {
        let (Some(a), Some(b)) = (at(first), at(second)) else { continue };
        let between = &model.inputs[a.min(b) + 1..a.max(b)];
        // The pair and its relatives share a word; required inputs go first, whatever they belong to.
        let relative = |name: &str| [first, second].iter().any(|half| half.split('_').any(|word| name.split('_').any(|part| part == word)));
        let (early, late) = (&model.inputs[a.min(b)], &model.inputs[a.max(b)]);
        let required_between = early.is_required() && !late.is_required() && between.iter().all(Input::is_required);
        let outranks = |input: &Input| *first == "prompt" && input.is_file();
        let strangers = between.iter().filter(|input| !relative(&input.name) && !outranks(input)).count();
        if strangers > 0 && !required_between {
            let message = format!("`{}` and `{}` belong together and stand {} apart", early.name, late.name, a.abs_diff(b));
            found.input(late, message, format!("`{}` right after `{}`", late.name, early.name));
        }
    }
}
