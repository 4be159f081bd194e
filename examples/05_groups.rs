//! Inputs in groups, some of them ready-made: a painter of gradients with the knobs of an image model.
//!
//! ```text
//! cargo run --example 05_groups -- predict --help
//! ```

use cog_kit::{
    Context, Input, Predictor, Result,
    input::{ImageOutput, Sampling, Seed},
};
use serde_json::{Value, json};

#[derive(Input)]
struct Inputs {
    /// What the picture shows.
    prompt: String,
    #[input(group(prefix = "", num_inference_steps(default = 4, le = 12, recommended = 1..=8), num_outputs(le = 8)))]
    sampling: Sampling,
    /// Makes a result repeatable. Leave it out for a random one.
    #[input(default = None)]
    seed: Seed,
    #[input(group(prefix = "", output_format(default = "png")))]
    output: ImageOutput,
}

struct Plan;

impl Predictor for Plan {
    type Input = Inputs;
    type Output = Value;

    fn setup() -> Result<Self> {
        Ok(Plan)
    }

    fn predict(&self, input: Inputs, _: &Context) -> Result<Value> {
        Ok(
            json!({"prompt": input.prompt, "seed": input.seed.value(), "sampling": format!("{:?}", input.sampling), "output": format!("{:?}", input.output)}),
        )
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Plan>()
}
