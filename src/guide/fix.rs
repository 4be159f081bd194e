//! Writes the changes that are safe to make unasked.

use std::path::Path;

use super::check::Report;
use super::error::GuideError;
use super::finding::Edit;

impl Report {
    /// Writes every [`Finding::fix`](super::Finding::fix) to its file; the number of changes made comes out.
    ///
    /// A file that has changed since it was read is left alone, and so is a change that overlaps an earlier one.
    ///
    /// # Errors
    /// [`GuideError::Io`] if a file cannot be read or written.
    pub fn fix(&self) -> Result<usize, GuideError> {
        let mut changes = 0;
        for (_, file) in self.files.iter() {
            let Some(path) = &file.path else { continue };
            let mut edits: Vec<&Edit> =
                self.findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|edit| edit.file == file.name).collect();
            edits.sort_by_key(|edit| edit.span.start);
            let (fixed, made) = apply(&file.text, &edits);
            if made == 0 || std::fs::read(path).map_err(|source| failed(path, "read", source))? != file.text.as_bytes() {
                continue;
            }
            std::fs::write(path, fixed).map_err(|source| failed(path, "written", source))?;
            changes += made;
        }
        Ok(changes)
    }
}

fn failed(path: &Path, verb: &'static str, source: std::io::Error) -> GuideError {
    GuideError::Io { path: path.to_owned(), verb, source }
}

/// The text with its edits, which are in order, and how many were made.
fn apply(text: &str, edits: &[&Edit]) -> (String, usize) {
    let (mut fixed, mut done, mut made) = (String::with_capacity(text.len()), 0, 0);
    for edit in edits {
        let Some(kept) = text.get(done..edit.span.start) else { continue };
        fixed.push_str(kept);
        fixed.push_str(&edit.text);
        done = edit.span.end;
        made += 1;
    }
    fixed.push_str(text.get(done..).unwrap_or_default());
    (fixed, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_changes_are_made_once() {
        let edit = |span, text: &str| Edit { file: String::new(), span, text: text.to_owned() };
        let edits = [edit(0..2, "X"), edit(1..3, "Y"), edit(4..4, "Z")];
        assert_eq!(apply("abcdef", &edits.iter().collect::<Vec<_>>()), ("XcdZef".to_owned(), 2));
    }
}
