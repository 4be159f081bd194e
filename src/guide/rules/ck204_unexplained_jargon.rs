use super::ck202_description_repeats_name::only_repeats_name;
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::{parts, says_any, words};

/// ## What it does
/// Finds short descriptions of inputs whose subject is known to specialists only: guidance, schedulers, LoRA, and so on.
///
/// ## Why is this bad?
/// Most users of a model have never read the paper it comes from.
///
/// ## Example
/// ```python
/// guidance_scale: float = Input(default=7.5, ge=1, le=20, description="Scale for classifier-free guidance")
/// ```
///
/// ## Use instead
/// ```python
/// guidance_scale: float = Input(default=7.5, ge=1, le=20, description="How closely to follow the prompt: low values leave more freedom, high values look harsh.")
/// ```
///
/// ## What it may get wrong
/// It counts words: ten or more are taken for an explanation, and so are four or more without a word that specialists alone know. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const ENOUGH: usize = 10;
/// A description with fewer words leaves the name to explain it.
const BRIEF: usize = 4;

const JARGON: &[&str] = &[
    "guidance scale",
    "classifier free",
    "classifier-free",
    "cfg",
    "scheduler",
    "sampler",
    "lora",
    "controlnet",
    "negative prompt",
    "denoising",
    "eta",
    "top k",
    "top p",
    "top_k",
    "top_p",
    "temperature",
    "beam",
    "beams",
    "repetition penalty",
    "latent",
    "latents",
    "vae",
    "clip skip",
    "img2img",
    "karras",
    "ddim",
    "embedding",
    "logits",
    "karras sigmas",
    "textual inversion",
    "ip adapter",
    "refiner",
    "freeu",
    "hires fix",
];

/// What says it in other words.
const PLAIN: &[&str] = &["not want", "don't want", "to avoid", "not see", "not to see", "should not be", "leave out"];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| !input.says().is_empty() && !input.deprecated && !only_repeats_name(input)) {
        // A plain description may explain a name that is none; one of two or three words does not.
        let is_brief = words(input.says()).len() < BRIEF;
        let subject = if is_brief { format!("{} {}", parts(&input.name).join(" "), input.says()) } else { input.says().to_owned() };
        let explained = says_any(input.says(), PLAIN) || words(input.says()).len() >= ENOUGH;
        if says_any(&subject, JARGON) && !explained {
            let message = format!("the description of `{}` takes a specialist to understand", input.name);
            found.input_at(input, input.description_place(), message, "add what users see when they raise it, lower it or leave it");
        }
    }
}
