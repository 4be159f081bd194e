//! The OpenAPI document as a file: written, or compared with what is there.

use std::{fs, path::Path};

use serde_json::Value;

use super::{Failure, args::SchemaTarget, write};

pub(super) fn run(document: &Value, target: &SchemaTarget) -> Result<(), Failure> {
    let text = pretty(document);
    match &target.check {
        Some(path) => check(document, &text, path),
        None => write::document(&text, target.output.as_deref()).map_err(|error| Failure::new(error, 1)),
    }
}

/// Fails if the file says something else, however it is formatted.
fn check(document: &Value, text: &str, path: &Path) -> Result<(), Failure> {
    let stale = |why: &str| Failure { message: format!("`{}` {why}; write it again with `schema --output`", path.display()), code: 1 };
    let found = fs::read_to_string(path).map_err(|error| stale(&format!("could not be read: {error}")))?;
    let found: Value = serde_json::from_str(&found).map_err(|error| stale(&format!("is not JSON: {error}")))?;
    if found == *document {
        return Ok(());
    }
    eprint!("{}", difference(&pretty(&found), text));
    Err(stale("is stale"))
}

fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

/// The lines that differ, with `-` and `+`; what is equal at both ends is left out, but for one line that says where.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let tail = old.iter().skip(head).rev().zip(new.iter().skip(head).rev()).take_while(|(old, new)| old == new).count();
    let middle = |lines: &[&str], sign: &str| -> String {
        lines.get(head..lines.len() - tail).unwrap_or_default().iter().map(|line| format!("{sign}{line}\n")).collect()
    };
    let place = head.checked_sub(1).and_then(|last| old.get(last)).map(|line| format!(" {line}\n")).unwrap_or_default();
    format!("@@ line {} @@\n{place}{}{}", head + 1, middle(&old, "-"), middle(&new, "+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changed_and_where() {
        for (old, new, expected) in [
            ("a\nb\nc", "a\nx\nc", "@@ line 2 @@\n a\n-b\n+x\n"),
            ("a\nc", "a\nb\nc", "@@ line 2 @@\n a\n+b\n"),
            ("a", "b", "@@ line 1 @@\n-a\n+b\n"),
            ("a\na", "a", "@@ line 2 @@\n a\n-a\n"),
        ] {
            assert_eq!(difference(old, new), expected, "{old:?} {new:?}");
        }
    }
}
