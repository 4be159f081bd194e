//! Workflow commands of GitHub Actions, which become annotations beside the code.

use super::super::check::Report;
use super::super::finding::Level;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "notice",
        };
        let place = &finding.place;
        // GitHub ignores columns when the annotation spans lines.
        let columns =
            if place.line == place.end_line { format!(",col={},endColumn={}", place.column, place.end_column) } else { String::new() };
        let title = property(&format!("{} {}", finding.code, finding.name));
        let message = data(&format!("{}. Instead: {}", finding.message, finding.instead));
        let file = property(&place.file);
        out.push_str(&format!(
            "::{command} file={file},line={},endLine={}{columns},title={title}::{message}\n",
            place.line, place.end_line
        ));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
