//! The `cog-kit` program: `cog-kit check` holds a model to the publishing guide.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use cog_kit::guide::{self, Config, Format, GuideError, Level};

/// Exit code when something at or above the level was found.
const FOUND: u8 = 1;
/// Exit code when the check could not run; clap exits with it too.
const FAILED: u8 = 2;

#[derive(Parser)]
#[command(name = "cog-kit", version, about = "Tools for publishing machine-learning models with Cog")]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check models against the publishing guide
    ///
    /// Exits with 0 when nothing was found, 1 when there are findings at or above the level, 2 when the check could not run.
    Check(Check),
}

#[derive(clap::Args)]
struct Check {
    /// Folders, cog.yaml, Python files, Cargo.toml, OpenAPI documents, or http addresses
    #[arg(default_value = ".", value_name = "PATH")]
    targets: Vec<String>,
    /// How to print the findings
    #[arg(long, value_parser = PossibleValuesParser::new(Format::NAMES).try_map(|name| Format::from_name(&name).ok_or("no such format")), default_value = "text")]
    format: Format,
    /// The lowest level that makes the check fail [default: cog-kit.toml's, else warning]
    #[arg(long, value_parser = PossibleValuesParser::new(Level::NAMES).try_map(|name| Level::from_name(&name).ok_or("no such level")))]
    level: Option<Level>,
    /// Print no findings below this level
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(Level::NAMES).try_map(|name| Level::from_name(&name).ok_or("no such level")))]
    show: Option<Level>,
    /// Report these rules alone: codes, beginnings of codes such as CK8, or names
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    /// Report all rules but these
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Print how often each rule is broken instead of the findings
    #[arg(long)]
    statistics: bool,
    /// Write the changes that are safe to make unasked, then check again
    #[arg(long)]
    fix: bool,
    /// The configuration, instead of the cog-kit.toml beside the model or above it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When to colour the text
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// Print the page of a rule, by code or name
    #[arg(long, value_name = "RULE", conflicts_with_all = ["targets", "fix", "rules"])]
    explain: Option<String>,
    /// List the rules
    #[arg(long, conflicts_with_all = ["targets", "fix"])]
    rules: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

fn main() -> ExitCode {
    let Command::Check(command) = Program::parse().command;
    match command.run() {
        Ok((text, code)) => {
            // A reader that has seen enough closes the pipe; that is no failure of the check.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::from(code)
        }
        Err(error) => {
            say(&error);
            ExitCode::from(FAILED)
        }
    }
}

fn say(error: &GuideError) {
    let cause = std::error::Error::source(error).map_or(String::new(), |source| format!(": {source}"));
    let _ = writeln!(std::io::stderr(), "error[{}]: {error}{cause}", error.code());
}

impl Check {
    /// The text to print and the exit code.
    fn run(&self) -> Result<(String, u8), GuideError> {
        if let Some(rule) = &self.explain {
            return Ok((guide::explain(rule)?.to_owned(), 0));
        }
        if self.rules {
            let line = |rule: guide::RuleInfo| format!("{} {:<8} {:<30} {}\n", rule.code, rule.level.as_str(), rule.name, rule.why);
            return Ok((guide::rules().map(line).collect(), 0));
        }
        let mut code = 0;
        let mut reports = Vec::new();
        for target in &self.targets {
            // A target that cannot be checked does not keep the others from being checked.
            match self.check(target) {
                Ok((report, level)) => {
                    if report.reaches(level) {
                        code = code.max(FOUND);
                    }
                    reports.push(report);
                }
                Err(error) => {
                    say(&error);
                    code = FAILED;
                }
            }
        }
        let is_document = matches!(self.format, Format::Json | Format::Sarif);
        if reports.is_empty() && !is_document {
            return Ok((String::new(), code));
        }
        let report = guide::Report::join(reports);
        if self.statistics {
            let line = |(code, name, count): (&str, &str, usize)| format!("{count:>5} {code} {name}\n");
            return Ok((report.statistics().into_iter().map(line).collect(), code));
        }
        Ok((report.render(self.format.with_colour(self.colour())), code))
    }

    /// The report of one target, and the level that makes the check fail.
    fn check(&self, target: &str) -> Result<(guide::Report, Level), GuideError> {
        let config = self.config.as_ref().map_or_else(|| Config::find(target), |file| Config::read(file))?;
        let level = self.level.or(config.level).unwrap_or(Level::Warning);
        let report = || guide::check_with(target, &config).map(|report| report.select(&self.select, &self.ignore));
        let mut found = report()?;
        if self.fix && found.fix()? > 0 {
            found = report()?;
        }
        Ok((found.at_least(self.show.unwrap_or(Level::Hint)), level))
    }

    fn colour(&self) -> bool {
        match self.color {
            Colour::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}
