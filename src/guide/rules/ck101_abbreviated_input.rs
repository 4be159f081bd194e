use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::parts;

/// ## What it does
/// Finds abbreviations in the names of inputs.
///
/// ## Why is this bad?
/// Users see the name before anything else, and `uov` or `cn` tells them nothing.
///
/// ## Example
/// ```python
/// img: Path = Input(description="Picture to restore, as PNG or JPEG.")
/// ```
///
/// ## Use instead
/// ```python
/// image: Path = Input(description="Picture to restore, as PNG or JPEG.")
/// ```
///
/// ## What it may get wrong
/// A short form that is the usual name in your field, such as `fov` for opticians.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

/// Only what has one meaning here; `lr`, `cfg` and the like stand for a word that users would type.
const FULL: &[(&str, &str)] = &[
    ("img", "image"),
    ("imgs", "images"),
    ("img1", "image_1"),
    ("img2", "image_2"),
    ("img3", "image_3"),
    ("img4", "image_4"),
    ("pic", "picture"),
    ("vid", "video"),
    ("cn", "controlnet"),
    ("uov", "upscale_or_vary"),
    ("cfg", "guidance"),
    ("pag", "perturbed_attention_guidance"),
    ("lr", "learning_rate"),
    ("ref", "reference"),
    ("hf", "huggingface"),
    ("sd", "stable_diffusion"),
    ("ti", "textual_inversion"),
    ("frac", "fraction"),
    ("comp", "compression"),
    ("fov", "field_of_view"),
    ("bg", "background"),
    ("fg", "foreground"),
    ("neg", "negative"),
    ("pos", "positive"),
    ("msg", "message"),
    ("txt", "text"),
    ("lang", "language"),
    ("src", "source"),
    ("tgt", "target"),
    ("dst", "destination"),
    ("temp", "temperature"),
    ("len", "length"),
    ("qty", "quantity"),
    ("freq", "frequency"),
    ("interp", "interpolation"),
    ("sched", "scheduler"),
    ("thresh", "threshold"),
    ("thr", "threshold"),
    ("coef", "coefficient"),
    ("coeff", "coefficient"),
    ("w", "width"),
    ("h", "height"),
    ("dim", "dimension"),
    ("attn", "attention"),
    ("emb", "embedding"),
    ("iter", "iterations"),
    ("iters", "iterations"),
    ("gen", "generation"),
    ("pp", "post_processing"),
    ("wm", "watermark"),
];

/// Names as a whole that another rule, or nobody, objects to.
const LEFT_ALONE: &[&str] = &["cfg_scale", "cfg", "n_images", "n_samples"];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| !LEFT_ALONE.contains(&input.name.as_str())) {
        let lower = input.name.to_lowercase();
        let parts = parts(&lower);
        let full: Vec<&str> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| match FULL.iter().find(|(short, _)| short == part) {
                Some((_, full)) => full,
                // `n_prompt` is a negative prompt; in `n_steps` it is a number.
                None if *part == "n" && index == 0 => {
                    if parts.get(1) == Some(&"prompt") {
                        "negative"
                    } else {
                        "num"
                    }
                }
                None => part,
            })
            .collect();
        let (short, full) = (parts.join("_"), full.join("_"));
        if short != full {
            let alone = parts == ["n"];
            let instead = if alone { "what is counted, such as `num_outputs`".to_owned() } else { format!("`{full}`") };
            found.input(input, format!("the name of input `{}` is abbreviated", input.name), instead);
        }
    }
}
