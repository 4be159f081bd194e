//! The command line of every predictor binary: `serve`, `predict`, `schema`, `check`, `dockerfile`, `completions`.
//!
//! [`main`] is all that a predictor's `main` calls. `args` says what may be typed, `predict` runs one prediction without a server, `values` turns
//! `key=value` into JSON, `write` puts the output where it was asked for, `schema` compares, `check` asks the guide, `dockerfile` packs.

mod args;
#[cfg(feature = "guide")]
mod check;
mod dockerfile;
mod predict;
mod schema;
mod values;
mod write;

use std::{path::Path, process::ExitCode};

use clap::{CommandFactory, FromArgMatches};

use crate::{
    input::Input,
    predictor::Predictor,
    serve::{self, ServeOptions, document, document_text, serve},
};
use args::{Args, Command, Mode};

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
    if serve::is_worker() {
        return serve::work::<P>();
    }
    let name = program_name();
    let mut command =
        Args::command().name(name.clone()).mut_subcommand("predict", |command| command.after_help(args::inputs_help(&P::Input::schema())));
    let args = match Args::from_arg_matches(&command.get_matches_mut()) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    let failed = |error| Failure::new(error, 1);
    let result = match args.command.unwrap_or_default() {
        Command::Serve(flags) if flags.mode == Some(Mode::Train) => {
            Err(Failure::usage("this model has no training: `--x-mode train` needs one"))
        }
        Command::Serve(flags) => serve::<P>(&flags.over(ServeOptions::from_env())).map_err(|error| Failure::new(error, 1)),
        Command::Predict(request) => predict::run::<P>(&request),
        Command::Schema(target) => schema::run(&document::<P>(), &target),
        #[cfg(feature = "guide")]
        Command::Check(flags) => check::run(&document::<P>(), &flags),
        Command::Dockerfile(target) => {
            let text = dockerfile::text(target.bin.as_deref().unwrap_or(&name), &document_text::<P>());
            write::document(&text, target.output.as_deref()).map_err(failed)
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut command, name, &mut std::io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
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
