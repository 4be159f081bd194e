//! The smallest predictor: text in, text out.
//!
//! ```text
//! cargo run --example 02_hello -- predict -i name=Ada
//! ```

use cog_kit::{Context, Input, Predictor, Result};

#[derive(Input)]
struct Inputs {
    /// Name of whoever is greeted, in any script. Without one it is the world.
    #[input(default = "world", max_length = 200)]
    name: String,
}

struct Hello;

impl Predictor for Hello {
    type Input = Inputs;
    type Output = String;

    fn setup() -> Result<Self> {
        Ok(Hello)
    }

    fn predict(&self, input: Inputs, _: &Context) -> Result<String> {
        Ok(format!("hello {}", input.name))
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Hello>()
}
