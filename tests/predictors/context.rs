//! A predictor that uses its context, its files and its outputs in every way that the tests ask for.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use cog_kit::{Context, Input, Path, Predictor, Result, Stream, input::Seed};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(default = "log", choices = ["log", "stream", "leave a thread", "look back", "large metrics", "deliver"])]
    act: String,
    /// The path to deliver.
    #[input(default = None)]
    place: Option<String>,
    /// A text that may be left out.
    note: Option<String>,
    /// Files to receive.
    #[input(default = [])]
    files: Vec<Path>,
    /// Makes it repeatable.
    #[input(default = None)]
    seed: Seed,
}

/// Clones that outlive their prediction, and the word that it has ended.
#[derive(Default)]
struct Surroundings {
    left: Mutex<Vec<thread::JoinHandle<bool>>>,
}

static GO_ON: AtomicBool = AtomicBool::new(false);

impl Predictor for Surroundings {
    type Input = Inputs;
    type Output = Stream<Path>;

    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        Ok(Self::default())
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Stream<Path>> {
        match input.act.as_str() {
            "stream" => {
                let ctx = ctx.clone();
                return Ok(Stream::fallible((0..3).map(move |index| {
                    ctx.check_canceled()?;
                    ctx.metric("items").increment(1)?;
                    ctx.log(format_args!("item {index}"));
                    let path = ctx.scratch().join(format!("{index}.txt"));
                    std::fs::write(&path, index.to_string())?;
                    Ok(path.into())
                })));
            }
            "leave a thread" => {
                let (ctx, before) = (ctx.clone(), ctx.is_canceled());
                let left = thread::spawn(move || {
                    while !GO_ON.load(Ordering::Relaxed) {
                        thread::sleep(Duration::from_millis(1));
                    }
                    ctx.log("said too late");
                    !before && ctx.is_canceled() && ctx.metric("late").set(1).is_ok() && !ctx.scratch().join("x").exists()
                });
                self.left.lock().unwrap_or_else(PoisonError::into_inner).push(left);
            }
            "look back" => {
                GO_ON.store(true, Ordering::Relaxed);
                for left in self.left.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                    ctx.log(format_args!("as documented: {}", left.join().unwrap_or_default()));
                }
            }
            "large metrics" => {
                if let Err(error) = ctx.metric("x").set("x".repeat(9_000_000)) {
                    ctx.log(error);
                }
                ctx.metric("y").set("y".repeat(1_000_000))?;
                let path = ctx.scratch().join("output.txt");
                std::fs::write(&path, "delivered")?;
                return Ok(Stream::new([path.into()]));
            }
            "deliver" => return Ok(Stream::new([PathBuf::from(input.place.unwrap_or_default()).into()])),
            _ => {
                let lengths: Vec<u64> = input.files.iter().map(|file| std::fs::metadata(file).map_or(0, |data| data.len())).collect();
                ctx.log(format_args!("note {:?}, files {lengths:?}, seed {}", input.note, input.seed));
            }
        }
        Ok(Stream::new([]))
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Surroundings>()
}
