//! The command line of every predictor binary: `serve`, `predict`, `train`, `schema`, `check`, `dockerfile`, `completions`.
//!
//! [`main`], or [`main_with_trainer`], is all that a predictor's `main` calls. `args` says what may be typed, `predict` runs one prediction without a server, `values` turns
//! `key=value` into JSON, `limits` are the flags of the limits on inputs, `write` puts the output where it was asked for, `schema` compares, `check` asks the guide, `dockerfile` packs.

mod args;
#[cfg(feature = "guide")]
mod check;
mod dockerfile;
mod limits;
mod predict;
mod schema;
mod values;
mod write;

use std::{path::Path, process::ExitCode};

use clap::{CommandFactory, FromArgMatches};
use serde_json::Value;

use crate::{
    input::Input,
    predictor::{Predictor, Trainer},
    schema::InputSchema,
    serve::{self, Mode, ServeError, ServeOptions, Training, document, document_text, document_with_trainer, serve, serve_with_trainer},
};
use args::{Args, Command, Request};

/// Runs a predictor binary: serves it, runs one prediction, or prints its schema, as the command line says.
///
/// # Examples
/// ```no_run
/// # use cog_kit::{Context, Input, Predictor, Result};
/// # #[derive(Input)] struct Inputs {}
/// # struct Hello;
/// # impl Predictor for Hello {
/// #     type Input = Inputs; type Output = String;
/// #     fn setup() -> Result<Self> { Ok(Hello) }
/// #     fn predict(&self, _: Inputs, _: &Context) -> Result<String> { Ok("hello".into()) }
/// # }
/// fn main() -> std::process::ExitCode {
///     cog_kit::main::<Hello>()
/// }
/// ```
pub fn main<P: Predictor>() -> ExitCode {
    run(&Program {
        predictions: Operation { inputs: P::Input::schema, run: predict::run::<P>, work: serve::work::<P> },
        trainings: None,
        document: document::<P>,
        label: document_text::<P>,
        serve: |options, _| serve::<P>(options),
    })
}

/// Runs the binary of a model that can be trained: what [`main`] does, `train` on the command line, and trainings with `serve --x-mode train`.
///
/// # Examples
/// ```no_run
/// # use cog_kit::{Context, Input, Path, Predictor, Result, Trainer};
/// # #[derive(Input)] struct Inputs {}
/// # struct Guess; struct Learn;
/// # impl Predictor for Guess {
/// #     type Input = Inputs; type Output = String;
/// #     fn setup() -> Result<Self> { Ok(Guess) }
/// #     fn predict(&self, _: Inputs, _: &Context) -> Result<String> { Ok("English".into()) }
/// # }
/// # impl Trainer for Learn {
/// #     type Input = Inputs; type Output = Path;
/// #     fn setup() -> Result<Self> { Ok(Learn) }
/// #     fn train(&self, _: Inputs, _: &Context) -> Result<Path> { Ok(Path::temporary(".json")?) }
/// # }
/// fn main() -> std::process::ExitCode {
///     cog_kit::main_with_trainer::<Guess, Learn>()
/// }
/// ```
pub fn main_with_trainer<P: Predictor, T: Trainer>() -> ExitCode {
    run(&Program {
        predictions: Operation { inputs: P::Input::schema, run: predict::run::<P>, work: serve::work::<P> },
        trainings: Some(Operation { inputs: T::Input::schema, run: predict::run::<Training<T>>, work: serve::work::<Training<T>> }),
        document: document_with_trainer::<P, T>,
        // A label is one line; Cog's own form of this document has many.
        label: || document_with_trainer::<P, T>().to_string(),
        serve: serve_with_trainer::<P, T>,
    })
}

/// What a binary can do, its types gone.
struct Program {
    predictions: Operation,
    trainings: Option<Operation>,
    document: fn() -> Value,
    /// The document as an image's label has it.
    label: fn() -> String,
    serve: fn(&ServeOptions, Mode) -> Result<(), ServeError>,
}

/// Predictions or trainings.
struct Operation {
    inputs: fn() -> InputSchema,
    run: fn(&Request) -> Result<(), Failure>,
    work: fn(Mode) -> ExitCode,
}

impl Program {
    fn trainings(&self) -> Result<&Operation, Failure> {
        self.trainings.as_ref().ok_or_else(|| Failure::usage("this model has no training"))
    }

    /// The command line, with a help that describes the inputs.
    fn command_line(&self, name: &str) -> clap::Command {
        let described = |operation: &Operation| args::inputs_help(&(operation.inputs)());
        Args::command()
            .name(name.to_owned())
            .mut_subcommand("predict", |command| command.after_help(described(&self.predictions)))
            .mut_subcommand("train", |command| match &self.trainings {
                Some(trainings) => command.after_help(described(trainings)),
                None => command.hide(true),
            })
    }

    fn execute(&self, args: Args, name: &str) -> Result<(), Failure> {
        let failed = |error| Failure::new(error, 1);
        match args.command.unwrap_or_default() {
            Command::Serve(flags) => {
                let mode = flags.mode.unwrap_or(Mode::Predict);
                if mode == Mode::Train {
                    self.trainings()?;
                }
                let limits = flags.limits.over_environment()?;
                (self.serve)(&flags.over(ServeOptions::from_env(), limits), mode).map_err(|error| Failure::new(error, 1))
            }
            Command::Predict(request) => (self.predictions.run)(&request),
            Command::Train(request) => (self.trainings()?.run)(&request),
            Command::Schema(target) => schema::run(&(self.document)(), &target),
            #[cfg(feature = "guide")]
            Command::Check(flags) => check::run(&(self.document)(), &flags),
            Command::Dockerfile(target) => {
                let text = dockerfile::text(target.bin.as_deref().unwrap_or(name), &(self.label)(), self.trainings.is_some());
                write::document(&text, target.output.as_deref()).map_err(failed)
            }
            Command::Completions { shell } => {
                clap_complete::generate(shell, &mut self.command_line(name), name, &mut std::io::stdout());
                Ok(())
            }
        }
    }
}

fn run(program: &Program) -> ExitCode {
    match serve::worker_mode() {
        Some(Mode::Predict) => return (program.predictions.work)(Mode::Predict),
        Some(Mode::Train) => {
            if let Some(trainings) = &program.trainings {
                return (trainings.work)(Mode::Train);
            }
        }
        None => {}
    }
    let name = program_name();
    let args = match Args::from_arg_matches(&program.command_line(&name).get_matches()) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    match program.execute(args, &name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            serve::say_error(&failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// The name that the program was started by, without folders.
fn program_name() -> String {
    let program = std::env::args_os().next().unwrap_or_default();
    Path::new(&program).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What ends a command early: one line for stderr, and the exit code (1: it did not work; 2: it was asked for wrongly).
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    fn new(error: impl Into<crate::predictor::Error>, code: u8) -> Self {
        Self { message: format!("{:#}", error.into()), code }
    }

    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }
}
