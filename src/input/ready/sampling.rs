//! How a diffusion model samples.

use crate::input::Input;

/// Negative prompt, steps, guidance and number of results, under the names that most published models use; it stands best right after the prompt.
#[derive(Debug, Clone, PartialEq, Input)]
pub struct Sampling {
    /// What the result should not show, such as `blurry, text`. Empty leaves it open.
    #[input(default = "")]
    pub negative_prompt: String,
    /// How many denoising steps are taken. More steps take longer and add detail.
    #[input(default = 28, ge = 1, le = 500, recommended = 20..=50)]
    pub num_inference_steps: u32,
    /// How closely the result follows the prompt. Low values leave more freedom, high values look harsh.
    #[input(default = 7.5, ge = 0, le = 50, recommended = 3..=12)]
    pub guidance_scale: f64,
    /// How many results are made.
    #[input(default = 1, ge = 1, le = 4)]
    pub num_outputs: u32,
}
