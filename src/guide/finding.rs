//! What the guide says about a model.

use std::fmt;
use std::ops::Range;

/// How much a finding matters, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A rule that may be wrong here: worth a look, off the exit code by default.
    Hint,
    /// Users of the model will stumble.
    Warning,
    /// The build fails, or the schema says something else than the code.
    Error,
}

impl Level {
    /// The names of all levels, least first.
    pub const NAMES: [&str; 3] = [Self::Hint.as_str(), Self::Warning.as_str(), Self::Error.as_str()];

    /// The level's name: `hint`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Hint, Self::Warning, Self::Error].into_iter().find(|level| level.as_str() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that the guide would have otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's code, such as `CK101`.
    pub code: &'static str,
    /// The rule's name, such as `abbreviated-input`.
    pub name: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What is wrong, in one line.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// Why it matters, in a sentence.
    pub why: &'static str,
    /// What to write instead.
    pub instead: String,
    /// The change that `--fix` would make, if it is safe.
    pub fix: Option<Edit>,
}

/// A stretch of a file; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file as it was named, or `<schema>` for a document that was handed over as a value.
    pub file: String,
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// The bytes.
    pub span: Range<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Bytes of one file, to be replaced by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The file as it was named.
    pub file: String,
    /// The bytes to replace.
    pub span: Range<usize>,
    /// What comes in their place.
    pub text: String,
}
