//! A predictor that talks piece by piece, with ready-made inputs, for the tests.

use cog_kit::input::{Sampling, Seed};
use cog_kit::{ConcatenateStream, Context, Input, Predictor, Result};

#[derive(Input)]
struct Inputs {
    /// What is said, word by word.
    #[input(default = "hello")]
    text: String,
    /// Makes it repeatable.
    #[input(default = None)]
    seed: Seed,
    #[input(group(prefix = "", num_inference_steps(default = 4, recommended = 1..=8)))]
    sampling: Sampling,
    /// Whether the last word fails.
    #[input(default = false)]
    fail: bool,
}

struct Chatty;

impl Predictor for Chatty {
    type Input = Inputs;
    type Output = ConcatenateStream;
    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        Ok(Self)
    }

    fn predict(&self, input: Inputs, _: &Context) -> Result<ConcatenateStream> {
        let words: Vec<String> = input.text.split_inclusive(' ').map(str::to_owned).collect();
        let last = format!("|{}|{}", input.seed, input.sampling.num_inference_steps);
        let end = if input.fail { Err(cog_kit::Error::msg("out of words")) } else { Ok(last) };
        Ok(ConcatenateStream::fallible(words.into_iter().map(Ok).chain([end])))
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Chatty>()
}
