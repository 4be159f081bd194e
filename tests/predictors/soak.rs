//! A predictor of mixed fortune, for the soak: it hands back a number by way of a value, a file or a stream of logs, unless it is told to go wrong.

#![allow(clippy::panic, reason = "that is what it is for")]

use std::{thread, time::Duration};

use cog_kit::{Context, Input, Path, Predictor, Result, predictor::bail};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(choices = ["answer", "error", "panic", "wait"])]
    act: String,
    /// What to hand back.
    #[input(ge = 0, le = 1_000_000)]
    number: u32,
    /// A file whose content is handed back too.
    file: Option<Path>,
}

struct Soak;

impl Predictor for Soak {
    type Input = Inputs;
    type Output = Vec<Path>;

    fn setup() -> Result<Self> {
        Ok(Soak)
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Vec<Path>> {
        tracing::info!(input.number, "asked");
        match input.act.as_str() {
            "error" => bail!("error {}", input.number),
            "panic" => panic!("panic {}", input.number),
            "wait" => loop {
                ctx.check_canceled()?;
                thread::sleep(Duration::from_millis(1));
            },
            _ => {}
        }
        ctx.metric("number").set(input.number)?;
        let path = ctx.scratch().join("number.txt");
        std::fs::write(&path, input.number.to_string())?;
        Ok([Some(path.into()), input.file].into_iter().flatten().collect())
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Soak>()
}
