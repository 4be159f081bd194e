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

impl Format {
    /// The names of all formats.
    pub const NAMES: [&str; 4] = ["text", "json", "github", "sarif"];

    /// The format with this name, if there is one; text without colour.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text { colour: false }),
            "json" => Some(Self::Json),
            "github" => Some(Self::Github),
            "sarif" => Some(Self::Sarif),
            _ => None,
        }
    }

    /// The same format, its text coloured or not.
    #[must_use]
    pub fn with_colour(self, colour: bool) -> Self {
        match self {
            Self::Text { .. } => Self::Text { colour },
            other => other,
        }
    }
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
