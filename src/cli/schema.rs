//! The OpenAPI document as a file: written, or compared with what is there.

use std::{fs, path::Path};

use serde_json::Value;

use super::{Failure, args::SchemaTarget, write};
use crate::schema::differences;

pub(super) fn run(document: &Value, target: &SchemaTarget) -> Result<(), Failure> {
    match &target.check {
        Some(path) => check(document, path),
        None => write::document(&pretty(document), target.output.as_deref()).map_err(|error| Failure::new(error, 1)),
    }
}

/// Fails if the file says something else, however it is formatted.
fn check(document: &Value, path: &Path) -> Result<(), Failure> {
    let stale = |why: &str| Failure { message: format!("`{}` {why}; write it again with `schema --output`", path.display()), code: 1 };
    let found = fs::read_to_string(path).map_err(|error| stale(&format!("could not be read: {error}")))?;
    let found: Value = serde_json::from_str(&found).map_err(|error| stale(&format!("is not JSON: {error}")))?;
    if found == *document {
        return Ok(());
    }
    for difference in differences(&found, document) {
        eprintln!("{difference}");
    }
    Err(stale("is stale"))
}

fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}
