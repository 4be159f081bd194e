//! The predictors of `tests/reference/run.py`, for our server; `TWIN` says which.

#![allow(clippy::print_stdout, reason = "what is printed is compared")]

use std::{collections::BTreeMap, thread, time::Duration};

use cog_kit::{Context, Input, Output, Path, Predictor, Result, Stream, Trainer, Union, predictor::bail};
use serde_json::{Map, Value, json};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(choices = ["echo", "fail", "wait", "log", "metrics", "bad metric", "context", "large", "none", "length"])]
    act: String,
    /// A text.
    #[input(default = "", max_length = 40, regex = "^[^!]*$")]
    text: String,
    /// A whole number.
    #[input(default = 1, ge = 0, le = 10)]
    count: u32,
    /// A number.
    #[input(default = 1.5, ge = 0, le = 2)]
    scale: f64,
    /// A switch.
    #[input(default = false)]
    flag: bool,
    /// A list.
    #[input(default = ["a"])]
    names: Vec<String>,
    /// A choice.
    #[input(default = 1, choices = [1, 2])]
    mode: i64,
    /// A text that may be missing.
    #[input(default = None)]
    note: Option<String>,
    /// A file that may be missing.
    #[input(default = None)]
    file: Option<Path>,
    /// A text without a limit.
    #[input(default = None)]
    long: Option<String>,
    /// A number or a text.
    #[input(default = None)]
    either: Option<Either>,
    /// An object.
    #[input(default = None)]
    options: Option<Map<String, Value>>,
}

#[derive(Union)]
enum Either {
    Number(i64),
    Text(String),
}

struct Runner;

impl Predictor for Runner {
    type Input = Inputs;
    type Output = Value;

    fn setup() -> Result<Self> {
        Ok(Runner)
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Value> {
        Ok(match input.act.as_str() {
            "echo" => json!({
                "text": input.text, "count": input.count, "scale": input.scale, "flag": input.flag, "names": input.names, "mode": input.mode,
                "note": input.note, "options": input.options,
                "either": input.either.map(|either| match either {
                    Either::Number(number) => json!(number),
                    Either::Text(text) => json!(text),
                }),
            }),
            "fail" => bail!("as you wish"),
            "wait" => {
                for _ in 0..input.count * 100 {
                    ctx.check_canceled()?;
                    thread::sleep(Duration::from_millis(10));
                }
                json!("waited")
            }
            "log" => {
                for index in 0..input.count {
                    println!("line {index}");
                }
                json!("logged")
            }
            "metrics" => {
                ctx.metric("tokens").increment(1)?;
                ctx.metric("tokens").increment(2)?;
                ctx.metric("temperature").set(0.7)?;
                ctx.metric("scores").append(1)?;
                ctx.metric("scores").append(2)?;
                ctx.metric("timing.encode").set(0.25)?;
                json!("measured")
            }
            "bad metric" => {
                ctx.metric("a__b").set(1)?;
                Value::Null
            }
            "context" => {
                let sorted: BTreeMap<&String, &String> = ctx.values().iter().collect();
                let text: Vec<String> = sorted.into_iter().map(|(name, value)| format!("{}: {}", json!(name), json!(value))).collect();
                json!(format!("{{{}}}", text.join(", ")))
            }
            "large" => json!("x".repeat(usize::try_from(input.count)? << 20)),
            "length" => match input.file {
                Some(file) => json!(std::fs::metadata(&*file)?.len()),
                None => json!(input.long.unwrap_or_default().len()),
            },
            _ => Value::Null,
        })
    }
}

#[derive(Input)]
struct StreamInputs {
    /// What to send.
    #[input(choices = ["values", "fail"])]
    what: String,
    /// How many items.
    #[input(default = 3, ge = 0, le = 10)]
    count: u32,
}

struct Streamer;

impl Predictor for Streamer {
    type Input = StreamInputs;
    type Output = Stream<String>;

    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        Ok(Streamer)
    }

    fn predict(&self, input: StreamInputs, _: &Context) -> Result<Stream<String>> {
        Ok(Stream::fallible((0..input.count).map(move |index| {
            if input.what == "fail" && index == 2 {
                bail!("midway")
            }
            Ok(format!("item {index}"))
        })))
    }
}

#[derive(Input)]
struct ListInputs {
    /// How many files.
    #[input(default = 3, ge = 0, le = 10)]
    count: u32,
}

struct Lister;

impl Predictor for Lister {
    type Input = ListInputs;
    type Output = Vec<Path>;

    fn setup() -> Result<Self> {
        Ok(Lister)
    }

    fn predict(&self, input: ListInputs, ctx: &Context) -> Result<Vec<Path>> {
        let file = |index| {
            let path = ctx.scratch().join(format!("item{index}.txt"));
            std::fs::write(&path, format!("item {index}"))?;
            Ok(path.into())
        };
        (0..input.count).map(file).collect()
    }
}

#[derive(Input)]
struct TrainingInputs {
    /// What to do.
    #[input(choices = ["learn", "fail", "wait"])]
    act: String,
    /// What to learn from.
    #[input(default = None)]
    dataset: Option<Path>,
    /// How many steps.
    #[input(default = 2, ge = 0, le = 10)]
    steps: u32,
}

#[derive(Output)]
struct Trained {
    weights: Path,
    steps: u32,
}

struct Train;

impl Trainer for Train {
    type Input = TrainingInputs;
    type Output = Trained;

    fn setup() -> Result<Self> {
        Ok(Train)
    }

    fn train(&self, input: TrainingInputs, ctx: &Context) -> Result<Trained> {
        match input.act.as_str() {
            "fail" => bail!("as you wish"),
            "wait" => loop {
                ctx.check_canceled()?;
                thread::sleep(Duration::from_millis(10));
            },
            _ => {}
        }
        for step in 0..input.steps {
            println!("step {step}");
        }
        ctx.metric("steps").set(input.steps)?;
        let weights = ctx.scratch().join("weights.txt");
        let size = input.dataset.map_or(Ok(0), |file| std::fs::metadata(&*file).map(|data| data.len()))?;
        std::fs::write(&weights, size.to_string())?;
        Ok(Trained { weights: weights.into(), steps: input.steps })
    }
}

fn main() -> std::process::ExitCode {
    match std::env::var("TWIN").as_deref() {
        Ok("Trained") => cog_kit::main_with_trainer::<Lister, Train>(),
        Ok("Streamer") => cog_kit::main::<Streamer>(),
        Ok("Lister") => cog_kit::main::<Lister>(),
        _ => cog_kit::main::<Runner>(),
    }
}
