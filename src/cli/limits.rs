//! The flags of the limits on input files, from the table that the library keeps.

use clap::{Arg, ArgMatches, Command, FromArgMatches, builder::ValueParser};

use super::Failure;
use crate::input::{InputLimits, Unit};

/// What the command line says of the limits: positions in [`InputLimits::TABLE`], and values.
#[derive(Debug, Default, Clone)]
pub(super) struct LimitFlags(Vec<(usize, u64)>);

impl LimitFlags {
    /// The limits of the environment, with those of the command line in their place.
    pub(super) fn over_environment(&self) -> Result<InputLimits, Failure> {
        let mut limits = InputLimits::from_env().map_err(|error| Failure::usage(error.to_string()))?;
        for (limit, value) in self.0.iter().filter_map(|(position, value)| InputLimits::TABLE.get(*position).zip(Some(*value))) {
            limit.set(&mut limits, value);
        }
        Ok(limits)
    }
}

impl clap::Args for LimitFlags {
    fn augment_args(command: Command) -> Command {
        command.args(InputLimits::TABLE.iter().map(|limit| {
            Arg::new(limit.flag())
                .long(limit.flag())
                .value_name(match limit.unit() {
                    Unit::Bytes => "SIZE",
                    Unit::Seconds => "SECONDS",
                    Unit::Count => "COUNT",
                })
                .help(format!("{} [default: ${} or {}]", limit.help(), limit.variable(), limit.default_text()))
                .help_heading("Limits on input files")
                .value_parser(ValueParser::from(|text: &str| limit.parse(text).map_err(|expected| format!("expected {expected}"))))
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LimitFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |(position, limit): (usize, &crate::input::InputLimit)| Some((position, *matches.get_one::<u64>(limit.flag())?));
        Ok(Self(InputLimits::TABLE.iter().enumerate().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
