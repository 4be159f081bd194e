//! What may be typed.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use clap_complete::Shell;
use serde_json::Value;

use super::limits::LimitFlags;
#[cfg(feature = "guide")]
use crate::guide::{Format, Level};
use crate::{
    input::InputLimits,
    schema::{InputSchema, Kind, Property},
    serve::{COG_VERSION, Mode, ServeOptions},
};

/// A Cog model in Rust. Without a command it serves predictions over HTTP.
#[derive(Debug, Parser)]
#[command(version = version())]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

fn version() -> String {
    format!("of cog-kit {}, serving as Cog {COG_VERSION}", env!("CARGO_PKG_VERSION"))
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve predictions over HTTP (the default).
    Serve(ServeFlags),
    /// Run one prediction and write its output.
    Predict(Request),
    /// Run one training and write its output.
    Train(Request),
    /// Print the OpenAPI document.
    Schema(SchemaTarget),
    /// Check the inputs against the publishing guide.
    ///
    /// Exits with 1 if there is a finding at or above the level. Cargo.toml, the weights and the README are looked at by `cog-kit check`.
    #[cfg(feature = "guide")]
    Check(CheckFlags),
    /// Print a Dockerfile whose image is a Cog model.
    ///
    /// Save it beside Cargo.toml, and print it again when inputs or outputs change: the image's labels hold the schema.
    Dockerfile(DockerfileTarget),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// How the inputs are checked.
#[cfg(feature = "guide")]
#[derive(Debug, clap::Args)]
pub(super) struct CheckFlags {
    /// How to print the findings.
    #[arg(long, value_parser = PossibleValuesParser::new(Format::NAMES).try_map(|name| Format::from_name(&name).ok_or("no such format")), default_value = "text")]
    pub(super) format: Format,
    /// The lowest level that makes the check fail [default: cog-kit.toml's, else warning].
    #[arg(long, value_parser = PossibleValuesParser::new(Level::NAMES).try_map(|name| Level::from_name(&name).ok_or("no such level")))]
    pub(super) level: Option<Level>,
}

/// Where the OpenAPI document goes.
#[derive(Debug, clap::Args)]
pub(super) struct SchemaTarget {
    /// Write it to a file, such as .cog/openapi_schema.json.
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    pub(super) output: Option<PathBuf>,
    /// Compare it with a file instead; exits with 1 and the difference if the file is stale.
    #[arg(long, value_name = "FILE")]
    pub(super) check: Option<PathBuf>,
}

/// What goes into the Dockerfile, and where it goes.
#[derive(Debug, clap::Args)]
pub(super) struct DockerfileTarget {
    /// The binary to build, if it is not named like this program.
    #[arg(long, value_name = "NAME")]
    pub(super) bin: Option<String>,
    /// Write it to a file.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

impl Default for Command {
    fn default() -> Self {
        Self::Serve(ServeFlags::default())
    }
}

/// Flags of `serve`: the ones of Cog's own server, and some of our own. The environment is read first: PORT, COG_MAX_CONCURRENCY, COG_SETUP_TIMEOUT,
/// LOG_FORMAT, COG_LOG_LEVEL, COG_KIT_SHUTDOWN_TIMEOUT, COG_KIT_PUBLIC_URLS_ONLY.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ServeFlags {
    /// Address to listen on [default: 0.0.0.0].
    #[arg(long)]
    host: Option<IpAddr>,
    /// Port to listen on [default: $PORT or 5000].
    #[arg(long)]
    port: Option<u16>,
    /// Where to upload output files, instead of sending them as data URIs.
    #[arg(long, value_name = "URL")]
    upload_url: Option<String>,
    /// Ignore SIGTERM and wait for POST /shutdown.
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    await_explicit_shutdown: Option<bool>,
    /// Time that predictions get to end when the server is told to stop; then they are canceled [default: $COG_KIT_SHUTDOWN_TIMEOUT or 5].
    #[arg(long, value_name = "SECONDS")]
    shutdown_timeout: Option<u64>,
    /// Download inputs from public addresses alone [default: $COG_KIT_PUBLIC_URLS_ONLY or false]
    ///
    /// Loopback, private, link-local and other inner addresses are refused after names are resolved and on every redirect; proxies are not used. The
    /// variable holds for `predict` and `train` as well.
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    public_urls_only: Option<bool>,
    /// What the server answers [default: predict].
    #[arg(long = "x-mode", value_name = "MODE", value_parser = PossibleValuesParser::new([Mode::Predict.name(), Mode::Train.name()]).map(|name| mode(&name)))]
    pub(super) mode: Option<Mode>,
    /// Accepted for Cog's sake, and ignored.
    #[arg(long, value_name = "COUNT", hide = true)]
    threads: Option<usize>,
    #[command(flatten)]
    pub(super) limits: LimitFlags,
}

fn mode(name: &str) -> Mode {
    if name == Mode::Train.name() { Mode::Train } else { Mode::Predict }
}

impl ServeFlags {
    pub(super) fn over(self, environment: ServeOptions, input_limits: InputLimits) -> ServeOptions {
        ServeOptions {
            input_limits,
            host: self.host.unwrap_or(environment.host),
            port: self.port.unwrap_or(environment.port),
            upload_url: self.upload_url.or(environment.upload_url),
            await_explicit_shutdown: self.await_explicit_shutdown.unwrap_or(environment.await_explicit_shutdown),
            shutdown_timeout: self.shutdown_timeout.map_or(environment.shutdown_timeout, Duration::from_secs),
            public_urls_only: self.public_urls_only.unwrap_or(environment.public_urls_only),
            ..environment
        }
    }
}

/// One prediction, or one training.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// An input. `@FILE` stands for a file, `@-` for stdin; a list is given item by item.
    #[arg(short, long = "input", value_name = "NAME=VALUE")]
    pub(super) input: Vec<String>,
    /// Inputs as a JSON object: the text itself, `@FILE`, or `-` for stdin. Inputs given by `-i` come on top.
    #[arg(long, value_name = "JSON")]
    pub(super) json: Option<String>,
    /// Where to write the output [default: stdout for values, output.EXT for files]. Several are for the items of a list, in order; one is numbered.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) limits: LimitFlags,
}

/// The inputs of a predictor or a trainer, as a section of its help.
pub(super) fn inputs_help(schema: &InputSchema) -> String {
    let mut help = "Inputs:\n".to_owned();
    for property in schema.properties() {
        help.push_str(&format!("  {}: {}\n", property.name, summary(property)));
        if let Some(description) = &property.description {
            help.push_str(&format!("      {description}\n"));
        }
    }
    help
}

/// An input's type, range, choices and default in a line: `integer from 16 to 8192, default 1024`.
fn summary(property: &Property) -> String {
    let kind = match property.kind {
        Kind::File => "file",
        Kind::List(&Kind::File) => "files",
        kind => kind.json_type(),
    };
    let mut parts = vec![match (&property.choices, property.minimum, property.maximum) {
        (Some(choices), ..) => format!("one of {}", choices.to_json().iter().map(plain).collect::<Vec<_>>().join(", ")),
        (None, Some(minimum), Some(maximum)) => format!("{kind} from {minimum} to {maximum}"),
        (None, Some(minimum), None) => format!("{kind}, at least {minimum}"),
        (None, None, Some(maximum)) => format!("{kind}, at most {maximum}"),
        (None, None, None) => kind.to_owned(),
    }];
    match &property.default {
        Some(Value::Null) => parts.push("optional".to_owned()),
        Some(default) => parts.push(format!("default {}", plain(default))),
        None => parts.push(if property.is_required() { "required" } else { "optional" }.to_owned()),
    }
    if property.deprecated {
        parts.push("deprecated".to_owned());
    }
    parts.join(", ")
}

/// A value as people type it: text without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
