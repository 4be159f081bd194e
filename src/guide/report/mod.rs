//! Findings as text for people, and as the forms that other programs read.

mod github;
mod json;
mod sarif;
mod text;

use super::check::Report;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// As a compiler would, with the source shown and underlined.
    Text {
        /// Whether to colour it, with ANSI escapes.
        colour: bool,
    },
    /// One JSON object.
    Json,
    /// Annotations of a GitHub workflow, one a line.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

impl Report {
    /// The findings as text, with a line break at the end.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text { colour } => text::render(self, colour),
            Format::Json => json::render(self),
            Format::Github => github::render(self),
            Format::Sarif => sarif::render(self),
        }
    }
}
