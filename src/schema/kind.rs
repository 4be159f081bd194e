//! What kinds of values there are, as constant data.

use serde_json::{Map, Value};

use super::Number;

/// The type of an input, as a schema tells them apart.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    String,
    /// A whole number, within what its Rust type holds.
    Integer(Bounds),
    /// A number, within what its Rust type holds.
    Number(Bounds),
    /// `true` or `false`.
    Boolean,
    /// A file: an http(s) URL or a data URI.
    File,
    /// A text that is not to be shown.
    Secret,
    /// An object of any content.
    Object,
    /// A list of values of one kind.
    List(&'static Kind),
    /// A value of any of these kinds.
    Union(&'static [Kind]),
}

impl Kind {
    /// The name of its JSON type: `string`, `integer`, `number`, `boolean`, `array`, `object`; `any` for a union.
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::String | Self::File | Self::Secret => "string",
            Self::Object => "object",
            Self::Union(_) => "any",
            Self::Integer(_) => "integer",
            Self::Number(_) => "number",
            Self::Boolean => "boolean",
            Self::List(_) => "array",
        }
    }

    /// What the Rust type itself can hold, for a number.
    pub const fn bounds(self) -> Bounds {
        match self {
            Self::Integer(bounds) | Self::Number(bounds) => bounds,
            _ => Bounds::NONE,
        }
    }
}

/// The least and the greatest value, both allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The least value.
    pub minimum: Option<Number>,
    /// The greatest value.
    pub maximum: Option<Number>,
}

impl Bounds {
    /// No bounds at all.
    pub const NONE: Self = Self { minimum: None, maximum: None };

    /// Whole numbers from `minimum` to `maximum`.
    pub const fn integers(minimum: i128, maximum: i128) -> Self {
        Self { minimum: Some(Number::Integer(minimum)), maximum: Some(Number::Integer(maximum)) }
    }
}

/// A constant value, such as a default.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Literal {
    /// Nothing: the default of an optional input.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(&'static str),
    /// A list.
    List(&'static [Literal]),
    /// An object.
    Object(&'static [(&'static str, Literal)]),
}

impl Literal {
    /// The JSON value, with numbers as Cog writes them.
    pub fn to_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(boolean) => boolean.into(),
            Self::Number(number) => number.to_json(),
            Self::String(text) => text.into(),
            Self::List(items) => items.iter().map(|item| item.to_json()).collect(),
            Self::Object(fields) => fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_json())).collect::<Map<_, _>>().into(),
        }
    }
}

/// A closed set of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choices {
    /// One of these texts.
    Strings(&'static [&'static str]),
    /// One of these whole numbers.
    Integers(&'static [i64]),
}

impl Choices {
    /// The values as JSON, in order.
    pub fn to_json(self) -> Vec<Value> {
        match self {
            Self::Strings(texts) => texts.iter().map(|text| Value::from(*text)).collect(),
            Self::Integers(integers) => integers.iter().map(|integer| Value::from(*integer)).collect(),
        }
    }

    /// The value at a position, from 0; null past the end.
    pub const fn literal(self, position: usize) -> Literal {
        match self {
            Self::Strings(texts) if position < texts.len() => Literal::String(texts[position]),
            Self::Integers(integers) if position < integers.len() => Literal::Number(Number::Integer(integers[position] as i128)),
            _ => Literal::Null,
        }
    }

    /// The name of the values' JSON type.
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::Strings(_) => "string",
            Self::Integers(_) => "integer",
        }
    }
}

/// What a Rust type says of itself to a schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    /// The type.
    pub kind: Kind,
    /// Whether a value may be missing.
    pub nullable: bool,
    /// The closed set of values, if the type has one.
    pub choices: Option<Choices>,
}
