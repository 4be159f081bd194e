//! A predictor of mixed fortune, for the soak: it hands back a number by way of a value, a file, an image or a stream of logs, unless it is told to go wrong.

#![allow(clippy::panic, reason = "that is what it is for")]

use std::{thread, time::Duration};

use cog_kit::{Context, Input, Path, Predictor, Result, predictor::bail};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(choices = ["answer", "error", "panic", "large error", "wait", "ignore"])]
    act: String,
    /// What to hand back.
    #[input(ge = 0, le = 1_000_000)]
    number: u32,
    /// A file whose content is handed back too.
    file: Option<Path>,
    /// An image whose size is handed back too.
    image: Option<Path>,
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
            "large error" => bail!("error {} {}", input.number, "x".repeat(9 << 20)),
            "wait" => loop {
                ctx.check_canceled()?;
                thread::sleep(Duration::from_millis(1));
            },
            // Longer than a canceled prediction has.
            "ignore" => thread::sleep(Duration::from_millis(250)),
            _ => {}
        }
        ctx.metric("number").set(input.number)?;
        let path = ctx.scratch().join("number.txt");
        std::fs::write(&path, input.number.to_string())?;
        let size = input.image.map(|image| size_of(&image, ctx)).transpose()?;
        Ok([Some(path.into()), input.file, size].into_iter().flatten().collect())
    }
}

/// A file that says how large an image is, once it is decoded.
#[cfg(feature = "image")]
fn size_of(image: &std::path::Path, ctx: &Context) -> Result<Path> {
    use cog_kit::image::{Limits, Prepare, Source};
    let prepared = Prepare::new().apply(&Source::open(image, &Limits::default())?)?;
    let path = ctx.scratch().join("size.txt");
    std::fs::write(&path, prepared.size().to_string())?;
    Ok(path.into())
}

#[cfg(not(feature = "image"))]
fn size_of(_: &std::path::Path, _: &Context) -> Result<Path> {
    bail!("built without images")
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Soak>()
}
