//! What a derive writes down about an input: constant data, so that it can be checked while the program compiles.

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
    /// A list of values of one kind.
    List(&'static Kind),
}

impl Kind {
    /// The name of its JSON type: `string`, `integer`, `number`, `boolean`, `array`.
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::String | Self::File => "string",
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

    /// The name of the values' JSON type.
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::Strings(_) => "string",
            Self::Integers(_) => "integer",
        }
    }
}

/// One thing that a struct contributes, in order of declaration.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// One input.
    Input(Spec),
}

/// An input as its author wrote it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spec {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    pub(super) description: Option<&'static str>,
    pub(super) default: Option<Literal>,
    pub(super) ge: Option<Number>,
    pub(super) le: Option<Number>,
    pub(super) recommended: Option<(Number, Number)>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) regex: Option<&'static str>,
    pub(super) choices: Option<Choices>,
    pub(super) accept: Option<&'static str>,
    pub(super) deprecated: bool,
}

impl Spec {
    /// An input with its wire name, its description, its type, and whether the type may be missing.
    pub const fn new(name: &'static str, description: Option<&'static str>, (kind, nullable): (Kind, bool)) -> Self {
        Self {
            name,
            kind,
            nullable,
            description,
            default: None,
            ge: None,
            le: None,
            recommended: None,
            min_length: None,
            max_length: None,
            regex: None,
            choices: None,
            accept: None,
            deprecated: false,
        }
    }

    /// What the input is when a request leaves it out.
    #[must_use]
    pub const fn default(mut self, default: Literal) -> Self {
        self.default = Some(default);
        self
    }

    /// The least value allowed.
    #[must_use]
    pub const fn ge(mut self, ge: Number) -> Self {
        self.ge = Some(ge);
        self
    }

    /// The greatest value allowed.
    #[must_use]
    pub const fn le(mut self, le: Number) -> Self {
        self.le = Some(le);
        self
    }

    /// The range in which results are best; it ends up in the description.
    #[must_use]
    pub const fn recommended(mut self, from: Number, to: Number) -> Self {
        self.recommended = Some((from, to));
        self
    }

    /// The least length of a text, in characters.
    #[must_use]
    pub const fn min_length(mut self, characters: u64) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// The greatest length of a text, in characters.
    #[must_use]
    pub const fn max_length(mut self, characters: u64) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// A pattern that must be found in the text.
    #[must_use]
    pub const fn regex(mut self, pattern: &'static str) -> Self {
        self.regex = Some(pattern);
        self
    }

    /// The closed set of values.
    #[must_use]
    pub const fn choices(mut self, choices: Choices) -> Self {
        self.choices = Some(choices);
        self
    }

    /// The media types that a file picker offers.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Marks the input as one that will go away.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}
