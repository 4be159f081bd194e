//! What is wrong with a request, field by field.

use std::{fmt, net::IpAddr};

use serde_json::{Value, json};

use super::fetch::without_user_info;
use super::limits::raised_by;

/// The longest value that a message repeats, in characters.
const SHOWN: usize = 80;

/// What is wrong with one input; values and limits are told in the words of Cog's own validation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    // the caller
    /// A required input is not there.
    #[error("Field required")]
    Missing,
    /// The value has another JSON type.
    #[error("{found} is not of type \"{expected}\"")]
    WrongType {
        /// The value.
        found: String,
        /// The JSON type.
        expected: &'static str,
    },
    /// The number is too small.
    #[error("{found} is less than the minimum of {minimum}")]
    BelowMinimum {
        /// The value.
        found: String,
        /// The least value allowed.
        minimum: String,
    },
    /// The number is too large.
    #[error("{found} is greater than the maximum of {maximum}")]
    AboveMaximum {
        /// The value.
        found: String,
        /// The greatest value allowed.
        maximum: String,
    },
    /// The value is none of the choices.
    #[error("{found} is not one of {choices}")]
    NotAChoice {
        /// The value.
        found: String,
        /// The choices, as a JSON list.
        choices: String,
    },
    /// The value has none of the types of a union.
    #[error("{found} is not valid under any of the schemas listed in the 'anyOf' keyword")]
    NoMember {
        /// The value.
        found: String,
    },
    /// The object is not what its type asks for.
    #[error("found an object that cannot be read: {reason}")]
    WrongObject {
        /// What is missing or wrong.
        reason: String,
    },
    /// The text is too short.
    #[error("{found} is shorter than {minimum} character{}", if *.minimum == 1 { "" } else { "s" })]
    TooShort {
        /// The value.
        found: String,
        /// The least length, in characters.
        minimum: u64,
    },
    /// The text is too long.
    #[error("{found} is longer than {maximum} character{}", if *.maximum == 1 { "" } else { "s" })]
    TooLong {
        /// The value.
        found: String,
        /// The greatest length, in characters.
        maximum: u64,
    },
    /// The text does not match the pattern.
    #[error("{found} does not match \"{pattern}\"")]
    NoMatch {
        /// The value.
        found: String,
        /// The pattern.
        pattern: String,
    },
    /// The text is not one of the places that files may come from.
    #[error("found {found}, expected {expected}")]
    NotASource {
        /// The text.
        found: String,
        /// The places.
        expected: &'static str,
    },
    /// The value is allowed by the schema and makes no sense here.
    #[error("found {found}, expected {expected}")]
    Unusable {
        /// The value.
        found: String,
        /// What would make sense.
        expected: &'static str,
    },
    // the data
    /// The data URI cannot be read.
    #[error("found a data URI that {reason}, expected `data:<type>;base64,<data>`")]
    BadDataUri {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The server that holds the file did not hand it out.
    #[error("{url} could not be downloaded: {reason}")]
    Download {
        /// Where the file should be, without user information and query.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// Only public addresses may be asked, and the host has another.
    #[error("{url} was not downloaded: found the {kind} address {address} for the host `{host}`, expected a public address")]
    NotPublic {
        /// Where the file should be.
        url: String,
        /// Its host, or the one that a redirect led to.
        host: String,
        /// The address of that host.
        address: IpAddr,
        /// What it is, such as `loopback`.
        kind: &'static str,
    },
    /// The file is no picture that can be read.
    #[error("{reason}")]
    Picture {
        /// What was found and expected.
        reason: String,
        /// The code of the error, such as `image.unknown_format`.
        code: &'static str,
    },
    // our limits
    /// The file is larger than the limit.
    #[error("found a file of more than {limit} bytes, expected at most {limit} bytes; {}", raised_by(.flag))]
    TooManyBytes {
        /// The limit.
        limit: u64,
        /// The flag that raises it.
        flag: &'static str,
    },
    /// The files of the request are larger together than the limit.
    #[error(
        "found files of more than {limit} bytes in this request, expected at most {limit} bytes together; {}",
        raised_by("max-request-bytes")
    )]
    TooManyBytesTogether {
        /// The limit.
        limit: u64,
    },
    /// The prediction was canceled before the file had arrived.
    #[error("the prediction was canceled")]
    Canceled,
    // the machine
    /// A file could not be read or written here.
    #[error("{path} could not be {verb}: {reason}")]
    Io {
        /// The file.
        path: String,
        /// `read` or `written`.
        verb: &'static str,
        /// What the system said.
        reason: String,
    },
}

impl Fault {
    /// A stable name for programs, such as `input.below_minimum`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "input.missing",
            Self::WrongType { .. } => "input.wrong_type",
            Self::BelowMinimum { .. } => "input.below_minimum",
            Self::AboveMaximum { .. } => "input.above_maximum",
            Self::NotAChoice { .. } => "input.not_a_choice",
            Self::NoMember { .. } => "input.no_member",
            Self::WrongObject { .. } => "input.wrong_object",
            Self::TooShort { .. } => "input.too_short",
            Self::TooLong { .. } => "input.too_long",
            Self::NoMatch { .. } => "input.no_match",
            Self::NotASource { .. } => "input.not_a_source",
            Self::Unusable { .. } => "input.unusable",
            Self::BadDataUri { .. } => "input.bad_data_uri",
            Self::Download { .. } => "input.download",
            Self::NotPublic { .. } => "input.not_public",
            Self::Picture { code, .. } => code,
            Self::TooManyBytes { .. } => "input.too_many_bytes",
            Self::TooManyBytesTogether { .. } => "input.too_many_bytes_together",
            Self::Canceled => "input.canceled",
            Self::Io { .. } => "input.io",
        }
    }
}

/// What is wrong with one input, and which.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {fault}")]
#[non_exhaustive]
pub struct FieldError {
    /// The input's name; an item of a list is `images/1`.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

impl FieldError {
    /// An error of the input at `path`.
    pub fn new(path: impl Into<String>, fault: Fault) -> Self {
        Self { path: path.into(), fault }
    }

    /// A stable name for programs, such as `input.below_minimum`.
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }
}

/// Everything that is wrong with a request, in the order of the inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputError {
    /// The faulty inputs; never empty.
    pub fields: Vec<FieldError>,
}

impl InputError {
    /// The error of a request whose `input` is no object.
    #[cfg(feature = "serve")]
    pub(crate) fn not_an_object(found: &Value) -> Self {
        FieldError::new("input", Fault::WrongType { found: shown(found), expected: "object" }).into()
    }

    /// The body of Cog's answer 422: `{"detail": [{"loc": ["body", "input", name], "msg": …, "type": …}]}`.
    pub fn to_detail(&self) -> Value {
        let detail = self.fields.iter().map(|field| {
            let kind = if field.fault == Fault::Missing { "value_error.missing" } else { "value_error" };
            json!({"loc": ["body", "input", field.path], "msg": field.fault.to_string(), "type": kind})
        });
        json!({"detail": detail.collect::<Vec<_>>()})
    }
}

impl From<FieldError> for InputError {
    fn from(field: FieldError) -> Self {
        Self { fields: vec![field] }
    }
}

/// One line that names every faulty input.
impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, field) in self.fields.iter().enumerate() {
            write!(f, "{}{field}", if position == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for InputError {}

/// A value as a message shows it: JSON, cut after a while, and without the user information of a URL.
pub(super) fn shown(value: &Value) -> String {
    // A request may hold megabytes; only the beginning is ever rendered.
    match value {
        Value::String(text) => {
            let text = without_user_info(text);
            let (cut, end) =
                if text.chars().nth(SHOWN).is_some() { (text.chars().take(SHOWN).collect(), "…") } else { (text.into_owned(), "") };
            format!("{}{end}", Value::from(cut))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => format!("a list of {}", counted(items.len(), "item")),
        Value::Object(fields) => format!("an object of {}", counted(fields.len(), "field")),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_named_in_one_line_and_in_the_detail() {
        let error = InputError {
            fields: vec![
                FieldError::new("image", Fault::Missing),
                FieldError::new("max_side", Fault::BelowMinimum { found: "5".into(), minimum: "16".into() }),
            ],
        };
        assert_eq!(error.to_string(), "image: Field required; max_side: 5 is less than the minimum of 16");
        let expected = json!({"detail": [
            {"loc": ["body", "input", "image"], "msg": "Field required", "type": "value_error.missing"},
            {"loc": ["body", "input", "max_side"], "msg": "5 is less than the minimum of 16", "type": "value_error"},
        ]});
        assert_eq!(error.to_detail(), expected);
    }

    #[cfg(feature = "serve")]
    #[test]
    fn a_request_that_is_no_object_is_told_so() {
        for (input, found) in [(json!([]), "a list of 0 items"), (json!("x"), "\"x\""), (json!(null), "null")] {
            assert_eq!(InputError::not_an_object(&input).to_string(), format!("input: {found} is not of type \"object\""));
        }
    }

    #[test]
    fn long_values_are_cut_in_messages() {
        let text = shown(&Value::from("é".repeat(10_000)));
        assert_eq!(text.chars().count(), SHOWN + 3);
        assert_eq!(shown(&json!([1, 2])), "a list of 2 items");
    }
}
