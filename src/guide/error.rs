//! Why a model could not be checked at all.

use std::path::PathBuf;

/// Why a model could not be checked at all; a fault *in* a model is a [`Finding`](super::Finding) instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GuideError {
    // the caller
    /// The path leads to nothing that can be checked.
    #[error(
        "`{path}` is not a model: expected a folder with cog.yaml or Cargo.toml, a cog.yaml, a Python file, a Cargo.toml, a requirements file, an OpenAPI document or its http address"
    )]
    NotAModel {
        /// The path as given.
        path: String,
    },
    /// The address does not start with `http://`.
    #[error("found address `{address}`, expected one that starts with http://; save the document to a file instead")]
    UnsupportedAddress {
        /// The address as given.
        address: String,
    },
    /// No rule has this code or name.
    #[error("found `{found}`, expected the code of a rule, such as CK101; `cog-kit check --rules` lists them")]
    UnknownRule {
        /// What was asked for.
        found: String,
    },
    /// `cog-kit.toml` says something that means nothing.
    #[error("`{path}` line {line}: {reason}")]
    Config {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    // the data
    /// A file is not in its format.
    #[error("`{path}` line {line} is not valid {format}: {reason}")]
    Malformed {
        /// The file.
        path: String,
        /// `YAML`, `TOML` or `JSON`.
        format: &'static str,
        /// The line, from 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    // our limits
    /// A file is larger than anything that people write by hand.
    #[error("`{path}` has more than {limit} bytes, the limit")]
    TooLarge {
        /// The file or address.
        path: String,
        /// The limit in bytes.
        limit: u64,
    },
    // the machine
    /// A file could not be read or written.
    #[error("`{path}` could not be {verb}")]
    Io {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        verb: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The address did not answer with a document.
    #[error("`{address}` could not be fetched: {reason}")]
    Fetch {
        /// The address.
        address: String,
        /// What went wrong.
        reason: String,
    },
}

impl GuideError {
    /// A stable name for programs, such as `guide.not_a_model`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAModel { .. } => "guide.not_a_model",
            Self::UnsupportedAddress { .. } => "guide.unsupported_address",
            Self::UnknownRule { .. } => "guide.unknown_rule",
            Self::Config { .. } => "guide.config",
            Self::Malformed { .. } => "guide.malformed",
            Self::TooLarge { .. } => "guide.too_large",
            Self::Io { .. } => "guide.io",
            Self::Fetch { .. } => "guide.fetch",
        }
    }
}
