//! A committed document against the one that the program has now.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde_json::Value;

use super::Failure;
use crate::schema::differences;

/// Prints where the document in `file` differs from `current`, as a diff; any difference is a failure.
pub(super) fn check(current: &Value, file: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::usage(format!("`{}` could not be read: {error}", file.display())))?;
    let committed: Value =
        serde_json::from_str(&text).map_err(|error| Failure::usage(format!("`{}` is not JSON: {error}", file.display())))?;
    let found = differences(&committed, current);
    if found.is_empty() {
        return Ok(());
    }
    let mut stdout = io::stdout().lock();
    for difference in &found {
        writeln!(stdout, "{difference}").map_err(|error| Failure::new(error, 1))?;
    }
    let places = if found.len() == 1 { "place" } else { "places" };
    Err(Failure::new(
        io::Error::other(format!(
            "`{}` is stale in {} {places}; `schema > {}` writes it again",
            file.display(),
            found.len(),
            file.display()
        )),
        1,
    ))
}
