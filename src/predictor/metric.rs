//! Numbers and facts that a prediction tells about itself, by Cog's rules for names and types.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

use super::{Result, Sink};

/// Longest name of a metric, in characters.
const LONGEST_NAME: usize = 128;

/// Most segments that dots may part a name into.
const MOST_SEGMENTS: usize = 4;

/// What a new value does to the one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricMode {
    /// Takes its place; `null` removes it.
    Replace,
    /// Is added to it; the first is added to 0.
    Increment,
    /// Is put at the end of a list.
    Append,
}

/// Why a metric was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The name breaks Cog's rules.
    #[error("found metric name `{name}`, expected {expected}")]
    Name {
        /// The name.
        name: String,
        /// The rule that it breaks.
        expected: &'static str,
    },
    /// The metric held a value of another type before.
    #[error("metric `{name}`: found {found}, expected {expected} as before; delete it first")]
    Type {
        /// The metric.
        name: String,
        /// The new type.
        found: &'static str,
        /// The type so far.
        expected: &'static str,
    },
    /// Only numbers can be added.
    #[error("metric `{name}`: found {found}, expected a number to add")]
    NotANumber {
        /// The metric.
        name: String,
        /// The type of the value.
        found: &'static str,
    },
    /// `null` is no value.
    #[error("metric `{name}`: found null, expected a value; `delete` removes a metric")]
    Null {
        /// The metric.
        name: String,
    },
}

impl MetricError {
    /// A stable name for programs, such as `metric.name`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "metric.name",
            Self::Type { .. } => "metric.type",
            Self::NotANumber { .. } => "metric.not_a_number",
            Self::Null { .. } => "metric.null",
        }
    }
}

/// The types of the metrics that a prediction has so far.
#[derive(Debug, Default)]
pub(super) struct Metrics(Mutex<HashMap<String, &'static str>>);

/// One metric of a prediction; made by [`Context::metric`](super::Context::metric).
#[derive(Clone, Copy)]
pub struct Metric<'a> {
    pub(super) name: &'a str,
    pub(super) metrics: &'a Metrics,
    pub(super) sink: &'a dyn Sink,
}

impl Metric<'_> {
    /// Sets the value.
    ///
    /// # Errors
    /// [`MetricError`], if the name or the type is refused.
    pub fn set(self, value: impl Into<Value>) -> Result<()> {
        self.record(value.into(), MetricMode::Replace)
    }

    /// Adds to the number.
    ///
    /// # Errors
    /// [`MetricError`], if the name or the type is refused.
    pub fn increment(self, by: impl Into<Value>) -> Result<()> {
        self.record(by.into(), MetricMode::Increment)
    }

    /// Puts an item at the end of the list.
    ///
    /// # Errors
    /// [`MetricError`], if the name or the type is refused.
    pub fn append(self, item: impl Into<Value>) -> Result<()> {
        self.record(item.into(), MetricMode::Append)
    }

    /// Removes the metric, so that it may get a value of another type.
    ///
    /// # Errors
    /// [`MetricError`], if the name is refused.
    pub fn delete(self) -> Result<()> {
        check_name(self.name)?;
        self.metrics.0.lock().unwrap_or_else(PoisonError::into_inner).remove(self.name);
        self.sink.metric(self.name, Value::Null, MetricMode::Replace)
    }

    fn record(self, value: Value, mode: MetricMode) -> Result<()> {
        check_name(self.name)?;
        self.metrics.check_type(self.name, &value, mode)?;
        self.sink.metric(self.name, value, mode)
    }
}

impl Metrics {
    fn check_type(&self, name: &str, value: &Value, mode: MetricMode) -> Result<(), MetricError> {
        let found = type_name(value);
        if value.is_null() {
            return Err(MetricError::Null { name: name.to_owned() });
        }
        let mut types = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match types.get(name) {
            Some(&expected) if expected != found => Err(MetricError::Type { name: name.to_owned(), found, expected }),
            _ if mode == MetricMode::Increment && !value.is_number() => Err(MetricError::NotANumber { name: name.to_owned(), found }),
            _ => {
                types.insert(name.to_owned(), found);
                Ok(())
            }
        }
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a float",
        Value::Number(_) => "an integer",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Cog's rules for names: what one is expected to be, if it breaks one of them.
fn check_name(name: &str) -> Result<(), MetricError> {
    let refused = |expected| Err(MetricError::Name { name: name.to_owned(), expected });
    if name.chars().count() > LONGEST_NAME {
        return refused("128 characters or fewer");
    }
    if name == "predict_time" {
        return refused("another name: this one is the engine's own");
    }
    if name.starts_with("cog.") {
        return refused("another prefix: `cog.` is the engine's own");
    }
    if name.split('.').count() > MOST_SEGMENTS {
        return refused("at most 4 segments");
    }
    for segment in name.split('.') {
        if !segment.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return refused("every segment to start with a letter");
        }
        if !segment.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            return refused("letters, digits and `_` only");
        }
        if segment.contains("__") || segment.ends_with('_') {
            return refused("single `_` between letters or digits");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_accepted_and_refused_as_cog_does() {
        let long = "a".repeat(128);
        for name in ["a", "A", "cog", "x.predict_time", "a_b.c1.d.e", long.as_str()] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        let too_long = "a".repeat(129);
        for name in
            ["", ".a", "a.", "a..b", "1a", "_a", "a__b", "a_", "a-b", "a.b.c.d.e", "predict_time", "cog.x", "é", "aé", too_long.as_str()]
        {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_metric_keeps_its_type() {
        let metrics = Metrics::default();
        let check = |name: &str, value: Value, mode| metrics.check_type(name, &value, mode).is_ok();
        use MetricMode::{Append, Increment, Replace};
        for (name, value, mode, expected) in [
            ("n", json!(1), Replace, true),
            ("n", json!("x"), Replace, false),
            ("n", json!(1.5), Increment, false),
            ("n", json!(true), Replace, false),
            ("n", json!(null), Replace, false),
            ("n", json!(1), Increment, true),
            ("s", json!("x"), Increment, false),
            ("b", json!(true), Increment, false),
            ("l", json!(1), Append, true),
            ("l", json!("x"), Append, false),
            ("l", json!(2), Replace, true),
        ] {
            assert_eq!(check(name, value.clone(), mode), expected, "{name} {value} {mode:?}");
        }
    }
}
