//! A text that is sent while it is made: a chain of words learned from a poem, one word after the other.
//!
//! ```text
//! cargo run --example 03_streaming -- serve
//! curl -N localhost:5000/predictions -H 'accept: text/event-stream' -H 'content-type: application/json' -d '{"input": {"seed": 7}}'
//! ```

use std::{collections::BTreeMap, sync::Arc};

use cog_kit::{ConcatenateStream, Context, Input, Predictor, Result, input::Seed};

const POEM: &str =
    "the sea is wide and the sea is deep and the boat is small and the wind is high and the night is wide and the night is long";

#[derive(Input)]
struct Inputs {
    /// How many words to write. Up to 50 read like a poem; more go round in circles.
    #[input(default = 12, ge = 1, le = 1000)]
    words: usize,
    /// Makes a result repeatable. Leave it out for a random one.
    #[input(default = None)]
    seed: Seed,
}

/// For each word, the words that follow it.
struct Chain(BTreeMap<&'static str, Vec<&'static str>>);

struct Poet {
    // The stream goes on after `predict` has returned, and shares the model.
    chain: Arc<Chain>,
}

impl Predictor for Poet {
    type Input = Inputs;
    type Output = ConcatenateStream;

    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        let words: Vec<&str> = POEM.split(' ').collect();
        let mut chain = BTreeMap::<_, Vec<_>>::new();
        for (word, next) in words.iter().zip(words.iter().cycle().skip(1)) {
            chain.entry(*word).or_default().push(*next);
        }
        Ok(Poet { chain: Arc::new(Chain(chain)) })
    }

    fn predict(&self, input: Inputs, _: &Context) -> Result<ConcatenateStream> {
        let chain = Arc::clone(&self.chain);
        let mut state = u64::from(input.seed);
        let mut word = "the";
        let words = std::iter::repeat_with(move || {
            // Knuth's linear congruential generator; its upper bits are the random ones.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let said = word;
            if let Some(next) = chain.0.get(word) {
                let choices = u64::try_from(next.len()).unwrap_or(1);
                word = usize::try_from((state >> 33) % choices).ok().and_then(|choice| next.get(choice)).copied().unwrap_or("the");
            }
            format!("{said} ")
        });
        Ok(ConcatenateStream::new(words.take(input.words)))
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Poet>()
}
