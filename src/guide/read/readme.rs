//! The one line that says what a model does.

use std::path::Path;

use super::super::model::Text;
use super::super::source::Span;
use super::Reading;

impl Reading {
    /// Reads the README's first line of prose, unless the description is known already.
    pub(super) fn readme(&mut self, folder: &Path) {
        let path = folder.join("README.md");
        if self.model.summary.is_some() || path.symlink_metadata().is_err() {
            return;
        }
        let Some(file) = self.load_or_say(&path, None) else { return };
        self.model.readme = Some(file);
        let mut start = 0;
        for line in self.files.text(file).split_inclusive('\n') {
            let text = line.trim();
            if is_prose(text) {
                let lead = line.len() - line.trim_start().len();
                let span = Span::new(file, start + lead..start + lead + text.len());
                self.model.summary = Some(Text { text: text.to_owned(), span });
                break;
            }
            start += line.len();
        }
    }
}

/// Whether a line is neither heading, badge, picture, table, list, code nor HTML.
fn is_prose(line: &str) -> bool {
    !line.is_empty()
        && line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | '_' | '"' | '`'))
        && !line.starts_with("```")
        && !line.starts_with("* ")
        && !line.contains("![")
}
