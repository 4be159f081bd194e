use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds inputs that have a name of their own for something that users know under another.
///
/// ## Why is this bad?
/// People and programs move between models, and a known name is understood without reading.
///
/// ## Example
/// ```python
/// cfg_scale: float = Input(default=7.5, ge=1, le=20, description="How closely to follow the prompt.")
/// ```
///
/// ## Use instead
/// ```python
/// guidance_scale: float = Input(default=7.5, ge=1, le=20, description="How closely to follow the prompt.")
/// ```
///
/// ## What it may get wrong
/// `steps` and `guidance` are only reported beside a prompt; there they might still mean something else.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

/// Other names, and whether they only mean this beside a prompt.
const KNOWN: &[(&str, &[&str], bool)] = &[
    (
        "num_inference_steps",
        &["inference_steps", "num_steps", "n_steps", "sampling_steps", "diffusion_steps", "denoising_steps", "ddim_steps"],
        false,
    ),
    ("num_inference_steps", &["steps"], true),
    (
        "guidance_scale",
        &["cfg_scale", "cfg", "classifier_free_guidance", "cfg_guidance", "prompt_guidance", "unconditional_guidance_scale"],
        false,
    ),
    ("guidance_scale", &["guidance"], true),
    ("num_outputs", &["num_images", "n_images", "image_number", "number_of_images", "images_count", "num_images_per_prompt"], false),
    ("num_outputs", &["num_samples", "n_samples", "number_of_outputs"], true),
    ("negative_prompt", &["n_prompt", "neg_prompt", "uncond_prompt", "undesired_prompt"], false),
    ("seed", &["random_seed", "rng_seed", "manual_seed"], false),
    ("scheduler", &["sampler", "sampler_name", "scheduler_name"], true),
    ("prompt_strength", &["denoising_strength", "img2img_strength"], false),
    ("max_tokens", &["max_gen_len", "max_length_tokens"], false),
    ("output_format", &["image_format", "out_format", "format_of_output"], false),
];

fn check(model: &Model, found: &mut Findings) {
    let beside_a_prompt = model.inputs.iter().any(|input| input.name == "prompt");
    for input in &model.inputs {
        let known = KNOWN.iter().find(|(_, others, prompt)| others.contains(&input.name.as_str()) && (!prompt || beside_a_prompt));
        if let Some((usual, ..)) = known
            && model.inputs.iter().all(|other| other.name != *usual)
        {
            found.input(input, format!("users know input `{}` under another name", input.name), format!("`{usual}`"));
        }
    }
}
