//! What the publishing guide says about a predictor's own inputs.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use super::{Failure, args::CheckFlags};
use crate::guide::{Config, Level, check_document};

/// Prints the report for a predictor's document; a failure if there is something at the configured level or above.
pub(super) fn run(document: &Value, flags: &CheckFlags) -> Result<(), Failure> {
    let config = Config::find(".").map_err(|error| Failure::new(error, 2))?;
    let report = check_document(document, &config);
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = report.render(flags.format.with_colour(colour));
    io::stdout().write_all(text.as_bytes()).map_err(|error| Failure::new(error, 2))?;
    if report.reaches(flags.level.or(config.level).unwrap_or(Level::Warning)) {
        return Err(Failure { message: "the inputs do not follow the publishing guide".to_owned(), code: 1 });
    }
    Ok(())
}
