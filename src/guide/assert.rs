//! The guide as one line of a predictor's own tests.

use std::path::Path;

use super::{Config, Format, Level, Report, check_document};

/// Fails a test unless a predictor's schema is free of warnings and errors of the publishing guide.
///
/// The `cog-kit.toml` beside the crate's Cargo.toml, or above it, configures the rules.
///
/// # Panics
/// With the report, if there is a finding at the configured level (`warning` by default) or above, or if the configuration cannot be read.
///
/// # Examples
/// ```
/// use cog_kit::{Context, Input, Predictor, Result};
///
/// #[derive(Input)]
/// struct Inputs {
///     /// Text to repeat, in any language.
///     text: String,
/// }
///
/// struct Repeat;
///
/// impl Predictor for Repeat {
///     type Input = Inputs;
///     type Output = String;
///
///     fn setup() -> Result<Self> {
///         Ok(Repeat)
///     }
///
///     fn predict(&self, input: Inputs, _: &Context) -> Result<String> {
///         Ok(input.text)
///     }
/// }
///
/// cog_kit::assert_guide!(Repeat);
/// ```
#[macro_export]
macro_rules! assert_guide {
    ($predictor:ty $(,)?) => {
        $crate::guide::assert_document(&$crate::serve::document::<$predictor>(), env!("CARGO_MANIFEST_DIR"))
    };
}

/// What [`assert_guide!`](crate::assert_guide) does with a document and the folder of the crate that it belongs to.
#[track_caller]
pub fn assert_document(document: &serde_json::Value, folder: &str) {
    let config = Config::find(&Path::new(folder).to_string_lossy());
    let outcome = config.map_err(|error| error.to_string()).and_then(|config| {
        let report = check_document(document, &config);
        if report.reaches(config.level.unwrap_or(Level::Warning)) { Err(text(&report)) } else { Ok(()) }
    });
    let message = outcome.err().unwrap_or_default();
    assert!(message.is_empty(), "the schema does not follow the publishing guide\n{message}");
}

fn text(report: &Report) -> String {
    report.render(Format::Text { colour: false })
}
