//! A predictor that does whatever it is told, good or bad.
#![allow(clippy::panic, reason = "that is what it is for")]

use std::{thread, time::Duration};

use cog_kit::{Context, Input, Path, Predictor, Result};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(choices = ["hello", "error", "panic", "thread", "wait", "exit", "file"])]
    act: String,
    /// A file whose length is told.
    file: Option<Path>,
}

struct Misbehave;

impl Predictor for Misbehave {
    type Input = Inputs;
    type Output = String;

    fn setup() -> Result<Self> {
        match std::env::var("MISBEHAVE_SETUP").as_deref() {
            Ok("error") => Err(std::io::Error::other("no weights").into()),
            Ok("panic") => panic!("weights of lead"),
            Ok("exit") => std::process::exit(7),
            _ => Ok(Misbehave),
        }
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<String> {
        ctx.log(format_args!("told to {}", input.act));
        std::fs::write(ctx.scratch().join("trace"), "here")?;
        match input.act.as_str() {
            "error" => Err(std::io::Error::other("as you wish").into()),
            "panic" => panic!("boom"),
            "thread" => Ok(format!("joined: {}", thread::spawn(|| panic!("elsewhere")).join().is_err())),
            "wait" => loop {
                ctx.check_canceled()?;
                thread::sleep(Duration::from_millis(5));
            },
            "exit" => std::process::exit(3),
            "file" => match input.file {
                Some(file) => Ok(format!(
                    "{} {} {}",
                    file.display(),
                    file.file_name().unwrap_or_default().to_string_lossy(),
                    std::fs::metadata(&*file)?.len()
                )),
                None => Ok("no file".to_owned()),
            },
            _ => Ok(format!("hello from {}", ctx.scratch().display())),
        }
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Misbehave>()
}
