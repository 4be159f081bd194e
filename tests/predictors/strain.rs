//! A predictor that says, returns and does more than the engine carries: large texts, deep values, work that goes on after a cancel.
#![allow(clippy::panic, clippy::print_stdout, reason = "that is what it is for")]

use std::{
    fs, io, thread,
    time::{Duration, Instant},
};

use cog_kit::{Context, Input, Path, Predictor, Result, Stream, predictor::Item, predictor::Sink, schema::OutputSchema};
use serde_json::{Value, json};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(choices = ["hello", "error", "panic", "log", "print", "trace", "token", "nested", "files", "wait", "spin", "sleep", "late print", "input"])]
    act: String,
    /// What a large text is made of.
    #[input(default = "x", min_length = 1, max_length = 4)]
    letter: String,
    /// How long it is, or how many, or how deep.
    #[input(default = 0, ge = 0, le = 100_000_000)]
    count: u32,
    /// How long it takes, in milliseconds.
    #[input(default = 0, ge = 0, le = 100_000)]
    time: u32,
    /// Whose length is told.
    #[input(default = "")]
    text: String,
}

struct Strain;

impl Predictor for Strain {
    type Input = Inputs;
    type Output = Stream<Part>;

    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        match std::env::var("STRAIN_SETUP").as_deref() {
            Ok("error") => Err(io::Error::other("x".repeat(9 << 20)).into()),
            Ok("panic") => panic!("{}", "x".repeat(9 << 20)),
            _ => Ok(Strain),
        }
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Stream<Part>> {
        let time = Duration::from_millis(input.time.into());
        let count = usize::try_from(input.count)?;
        let text = || input.letter.repeat(count / input.letter.len());
        let done = |value: Value| Ok(Stream::new([Part::Value(value)]));
        match input.act.as_str() {
            "error" => return Err(io::Error::other(text()).into()),
            "panic" => panic!("{}", text()),
            "log" => ctx.log(text()),
            "print" => println!("{}", text()),
            "trace" => tracing::info!("{}", text()),
            "token" => return Ok(Stream::new(["a".to_owned(), text(), "b".to_owned()].map(|token| Part::Value(token.into())))),
            "nested" => return done(nested(count)),
            "files" => {
                let scratch = ctx.scratch().to_path_buf();
                return Ok(Stream::fallible((0..count).map(move |number| {
                    let path = scratch.join(format!("file{number}.txt"));
                    fs::write(&path, format!("file {number}"))?;
                    Ok(Part::File(path.into()))
                })));
            }
            "wait" => loop {
                ctx.check_canceled()?;
                thread::sleep(Duration::from_millis(2));
            },
            "spin" => {
                let start = Instant::now();
                while start.elapsed() < time {
                    std::hint::spin_loop();
                }
            }
            "sleep" => thread::sleep(time),
            "late print" => {
                thread::spawn(move || {
                    thread::sleep(time);
                    println!("from a thread that was left behind");
                });
            }
            "input" => return done(json!(input.text.len())),
            _ => {}
        }
        done(json!("hello"))
    }

    fn healthcheck(&self) -> Result<bool> {
        match std::env::var("STRAIN_HEALTH").as_deref() {
            Ok("error") => Err(io::Error::other("x".repeat(9 << 20)).into()),
            _ => Ok(true),
        }
    }
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

/// A value or a file.
enum Part {
    Value(Value),
    File(Path),
}

impl Item for Part {
    fn form() -> OutputSchema {
        OutputSchema::object()
    }

    fn to_json(self) -> Result<Value> {
        match self {
            Self::Value(value) => Ok(value),
            Self::File(path) => path.to_json(),
        }
    }

    fn send_item(self, sink: &dyn Sink) -> Result<()> {
        match self {
            Self::Value(value) => value.send_item(sink),
            Self::File(path) => path.send_item(sink),
        }
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Strain>()
}
