//! The publishing guide as a linter: what `cog-kit check` says about a model in Python or Rust.
//!
//! Which file next? `read` turns a path into a `Model`, `rules` holds one file per rule, `check` brings them together, `report` prints what they found.
//!
//! ```no_run
//! # fn main() -> Result<(), cog_kit::guide::GuideError> {
//! use cog_kit::guide::{Format, check};
//!
//! let report = check("path/to/model")?;
//! for finding in report.findings() {
//!     println!("{} {}: {}", finding.place, finding.code, finding.message);
//! }
//! print!("{}", report.render(Format::Text { colour: false }));
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "serve")]
mod assert;
mod check;
mod config;
mod contract;
mod data;
mod error;
mod finding;
mod fix;
mod loaders;
mod model;
mod pictures;
mod python;
mod read;
mod report;
mod rule;
mod rules;
mod silence;
mod source;
mod weights;
mod words;

#[cfg(feature = "serve")]
#[doc(hidden)]
pub use assert::assert_document;
pub use check::{Report, RuleInfo, check, check_document, check_with, explain, rules};
pub use config::Config;
pub use error::GuideError;
pub use finding::{Edit, Finding, Level, Place};
pub use report::Format;
