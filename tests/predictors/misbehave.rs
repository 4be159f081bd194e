//! A predictor that does whatever it is told, good or bad.
#![allow(clippy::panic, clippy::print_stdout, reason = "that is what it is for")]

use std::{
    io, process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use cog_kit::{Context, Input, Path, Predictor, Result};

#[derive(Input)]
struct Inputs {
    /// What to do.
    #[input(choices = ["hello", "error", "panic", "thread", "wait", "ignore", "runtime", "exit", "abort", "kill", "file", "context", "metrics", "bad metric", "say", "stdin", "seed", "large", "none", "count"])]
    act: String,
    /// A file whose length is told.
    file: Option<Path>,
}

#[derive(Default)]
struct Misbehave {
    counted: AtomicU32,
}

impl Predictor for Misbehave {
    type Input = Inputs;
    type Output = Option<String>;

    fn setup() -> Result<Self> {
        println!("setting up");
        match std::env::var("MISBEHAVE_SETUP").as_deref() {
            Ok("error") => Err(io::Error::other("no weights").into()),
            Ok("panic") => panic!("weights of lead"),
            Ok("thread") => {
                let _ = thread::spawn(|| panic!("on another thread")).join();
                Ok(Self::default())
            }
            Ok("slow") => {
                thread::sleep(Duration::from_millis(200));
                Ok(Self::default())
            }
            Ok("exit") => process::exit(7),
            Ok("abort") => process::abort(),
            Ok("sleep") => loop {
                thread::sleep(Duration::from_secs(1));
            },
            _ => Ok(Self::default()),
        }
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Option<String>> {
        ctx.log(format_args!("told to {}", input.act));
        std::fs::write(ctx.scratch().join("trace"), "here")?;
        Ok(Some(match input.act.as_str() {
            "error" => return Err(io::Error::other("as you wish").into()),
            "panic" => panic!("boom"),
            "thread" => format!("joined: {}", thread::spawn(|| panic!("elsewhere")).join().is_err()),
            "wait" => loop {
                ctx.check_canceled()?;
                thread::sleep(Duration::from_millis(5));
            },
            "ignore" => loop {
                thread::sleep(Duration::from_secs(1));
            },
            "runtime" => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
                runtime.block_on(tokio::time::sleep(Duration::from_millis(1)));
                "ran".to_owned()
            }
            "exit" => process::exit(3),
            "abort" => process::abort(),
            "kill" => {
                process::Command::new("kill").args(["-KILL", &process::id().to_string()]).status()?;
                thread::sleep(Duration::from_secs(10));
                "still alive".to_owned()
            }
            "file" => match input.file {
                Some(file) => format!(
                    "{} {} {}",
                    file.display(),
                    file.file_name().unwrap_or_default().to_string_lossy(),
                    std::fs::metadata(&*file)?.len()
                ),
                None => "no file".to_owned(),
            },
            "context" => {
                let mut values: Vec<String> = ctx.values().iter().map(|(name, value)| format!("{name}={value}")).collect();
                values.sort();
                values.join(" ")
            }
            "metrics" => {
                ctx.metric("tokens").increment(1)?;
                ctx.metric("tokens").increment(2)?;
                ctx.metric("temperature").set(0.5)?;
                ctx.metric("temperature").set(0.7)?;
                ctx.metric("scores").append(1)?;
                ctx.metric("scores").append(2)?;
                ctx.metric("timing.encode").set(0.25)?;
                ctx.metric("gone").set("x")?;
                ctx.metric("gone").delete()?;
                ctx.metric("predict_time").set(1).err().map(|error| error.to_string()).unwrap_or_default()
            }
            "bad metric" => {
                ctx.metric("tokens").set(1)?;
                ctx.metric("tokens").set("many")?;
                "never".to_owned()
            }
            "say" => {
                println!("printed ü");
                tracing::info!(steps = 3, "traced");
                eprint!("no line end");
                log::warn!("logged");
                tracing::trace!("not shown");
                "said".to_owned()
            }
            "stdin" => format!("{} bytes", io::copy(&mut io::stdin(), &mut io::sink())?),
            "seed" => format!("{} {}", ctx.seed(Some(7)), ctx.seed(None)),
            "large" => "x".repeat(9 << 20),
            "none" => return Ok(None),
            "count" => self.counted.fetch_add(1, Ordering::Relaxed).to_string(),
            _ => format!("hello from {}", ctx.scratch().display()),
        }))
    }

    fn healthcheck(&self) -> Result<bool> {
        match std::env::var("MISBEHAVE_HEALTH").as_deref() {
            Ok("false") => Ok(false),
            Ok("error") => Err(io::Error::other("the database is away").into()),
            Ok("panic") => panic!("unwell"),
            Ok("sleep") => loop {
                thread::sleep(Duration::from_secs(1));
            },
            _ => Ok(true),
        }
    }
}

fn main() -> process::ExitCode {
    // What a program does before it is a worker can go wrong too.
    if std::env::var_os("COG_KIT_WORKER").is_some() {
        match std::env::var("MISBEHAVE_START").as_deref() {
            Ok("exit") => process::exit(9),
            Ok("sleep") => loop {
                thread::sleep(Duration::from_secs(1));
            },
            _ => {}
        }
    }
    cog_kit::main::<Misbehave>()
}
