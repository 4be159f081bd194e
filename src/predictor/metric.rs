//! Numbers and facts that a prediction tells about itself, by Cog's rules for names and types.

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

use super::{Context, Result};

/// Longest name of a metric, in characters.
const LONGEST_NAME: usize = 128;

/// Most segments that dots may part a name into.
const MOST_SEGMENTS: usize = 4;

/// Largest value of a metric, in bytes of JSON. The engine loses what is larger than 8 MiB.
const LARGEST_VALUE: u64 = 1 << 20;

/// Largest sum of all metrics of a prediction, names included, in bytes of JSON.
const LARGEST_TOTAL: u64 = 4 << 20;

/// Most lists and objects inside one another; the engine's JSON reader gives up at 128.
const DEEPEST: usize = 64;

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
    /// The value is too large.
    #[error("metric `{name}`: found a value of {found} bytes as JSON, expected at most {limit} bytes")]
    TooLarge {
        /// The metric.
        name: String,
        /// The size of the value.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// The value would make the metrics of the prediction too large.
    #[error("metric `{name}`: found {found} bytes of metrics in this prediction, expected at most {limit} bytes together")]
    TooLargeTogether {
        /// The metric.
        name: String,
        /// The size of all metrics, with this value.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// The value has too many lists or objects inside one another.
    #[error("metric `{name}`: found more than {limit} lists or objects inside one another, expected at most {limit}")]
    TooDeep {
        /// The metric.
        name: String,
        /// The limit.
        limit: usize,
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
            Self::TooLarge { .. } => "metric.too_large",
            Self::TooLargeTogether { .. } => "metric.too_large_together",
            Self::TooDeep { .. } => "metric.too_deep",
            Self::Null { .. } => "metric.null",
        }
    }
}

/// The metrics that a prediction has so far.
#[derive(Debug, Default)]
pub(super) struct Metrics(Mutex<HashMap<String, Known>>);

/// What is known of a metric.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The name of its type.
    kind: &'static str,
    /// Its size in bytes of JSON.
    bytes: u64,
}

/// One metric of a prediction; made by [`Context::metric`](super::Context::metric).
#[derive(Clone, Copy)]
pub struct Metric<'a> {
    pub(super) name: &'a str,
    pub(super) context: &'a Context,
}

impl Metric<'_> {
    /// Sets the value.
    ///
    /// # Errors
    /// [`MetricError`], if the name or the type is refused, or the value is too large: 1 MiB as JSON, 4 MiB for all metrics together.
    pub fn set(self, value: impl Into<Value>) -> Result<()> {
        self.record(value.into(), MetricMode::Replace)
    }

    /// Adds to the number.
    ///
    /// # Errors
    /// [`MetricError`], if the name or the type is refused, or the value is too large: 1 MiB as JSON, 4 MiB for all metrics together.
    pub fn increment(self, by: impl Into<Value>) -> Result<()> {
        self.record(by.into(), MetricMode::Increment)
    }

    /// Puts an item at the end of the list.
    ///
    /// # Errors
    /// [`MetricError`], if the name or the type is refused, or the value is too large: 1 MiB as JSON, 4 MiB for all metrics together.
    pub fn append(self, item: impl Into<Value>) -> Result<()> {
        self.record(item.into(), MetricMode::Append)
    }

    /// Removes the metric, so that it may get a value of another type.
    ///
    /// # Errors
    /// [`MetricError`], if the name is refused.
    pub fn delete(self) -> Result<()> {
        check_name(self.name)?;
        self.context.metrics().0.lock().unwrap_or_else(PoisonError::into_inner).remove(self.name);
        self.context.send_metric(self.name, Value::Null, MetricMode::Replace)
    }

    fn record(self, value: Value, mode: MetricMode) -> Result<()> {
        check_name(self.name)?;
        self.context.metrics().check(self.name, &value, mode)?;
        self.context.send_metric(self.name, value, mode)
    }
}

impl Metrics {
    /// Holds a value against the rules and what the metric was before.
    fn check(&self, name: &str, value: &Value, mode: MetricMode) -> Result<(), MetricError> {
        let kind = type_name(value);
        let owned = || name.to_owned();
        if value.is_null() {
            return Err(MetricError::Null { name: owned() });
        }
        if is_deeper(value, DEEPEST) {
            return Err(MetricError::TooDeep { name: owned(), limit: DEEPEST });
        }
        let size = json_bytes(value);
        if size > LARGEST_VALUE {
            return Err(MetricError::TooLarge { name: owned(), found: size, limit: LARGEST_VALUE });
        }
        let mut metrics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = metrics.get(name).copied();
        if let Some(before) = before.filter(|before| before.kind != kind) {
            return Err(MetricError::Type { name: owned(), found: kind, expected: before.kind });
        }
        if mode == MetricMode::Increment && !value.is_number() {
            return Err(MetricError::NotANumber { name: owned(), found: kind });
        }
        let bytes = match (mode, before) {
            (MetricMode::Append, Some(before)) => before.bytes.saturating_add(size).saturating_add(1),
            _ => size.saturating_add(name.len() as u64),
        };
        let others = metrics.iter().filter(|(other, _)| *other != name).map(|(_, known)| known.bytes);
        let total = others.fold(bytes, u64::saturating_add);
        if total > LARGEST_TOTAL {
            return Err(MetricError::TooLargeTogether { name: owned(), found: total, limit: LARGEST_TOTAL });
        }
        metrics.insert(owned(), Known { kind, bytes });
        Ok(())
    }
}

/// Whether more than `most` lists or objects are inside one another.
fn is_deeper(value: &Value, most: usize) -> bool {
    let inside = |value: &Value| most == 0 || is_deeper(value, most - 1);
    match value {
        Value::Array(items) => most == 0 || items.iter().any(inside),
        Value::Object(fields) => most == 0 || fields.values().any(inside),
        _ => false,
    }
}

/// The size of a value as JSON.
fn json_bytes(value: &Value) -> u64 {
    struct Counter(u64);

    impl Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_add(bytes.len() as u64);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut counter = Counter(0);
    // Neither the counter nor a `Value` makes writing fail.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
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
        let check = |name: &str, value: Value, mode| metrics.check(name, &value, mode).is_ok();
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

    #[test]
    fn a_value_that_the_engine_would_lose_is_refused() {
        use MetricMode::{Append, Replace};
        let metrics = Metrics::default();
        let code = |name: &str, value: Value, mode| metrics.check(name, &value, mode).map_err(|error| error.code());
        let text = |bytes: usize| json!("x".repeat(bytes));
        let error = metrics.check("x", &text(9_000_000), Replace).unwrap_err();
        assert_eq!(error.to_string(), "metric `x`: found a value of 9000002 bytes as JSON, expected at most 1048576 bytes");
        assert_eq!(code("x", text((1 << 20) - 2), Replace), Ok(()));
        assert_eq!(code("x", text((1 << 20) - 1), Replace), Err("metric.too_large"));
        assert_eq!(code("escaped", json!("\0".repeat(200_000)), Replace), Err("metric.too_large"), "each is written as \\u0000");
        for name in ["b", "c", "d"] {
            assert_eq!(code(name, text(1_000_000), Replace), Ok(()), "{name}");
        }
        assert_eq!(code("e", text(1_000_000), Replace), Err("metric.too_large_together"));
        assert_eq!(code("d", text(1_000_000), Replace), Ok(()), "it takes the place of one as large");
        assert_eq!(code("d", text(100_000), Append), Ok(()));
        assert_eq!(code("d", text(100_000), Append), Err("metric.too_large_together"));
        let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(code("deep", nested(64), Replace), Ok(()));
        assert_eq!(code("deeper", nested(65), Replace), Err("metric.too_deep"));
    }
}
