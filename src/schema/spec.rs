//! What a derive writes down about an input: constant data, so that it can be checked while the program compiles.

use super::{Choices, Facts, Kind, Literal, Number};

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
    pub(super) regex: Option<(&'static str, &'static str)>,
    pub(super) choices: Option<Choices>,
    pub(super) accept: Option<&'static str>,
    pub(super) deprecated: bool,
    pub(super) group: Option<&'static str>,
}

impl Spec {
    /// An input with its wire name, its description, and what its type says of itself.
    pub const fn new(name: &'static str, description: Option<&'static str>, facts: Facts) -> Self {
        Self {
            name,
            kind: facts.kind,
            nullable: facts.nullable,
            description,
            default: None,
            ge: None,
            le: None,
            recommended: None,
            min_length: None,
            max_length: None,
            regex: None,
            choices: facts.choices,
            accept: None,
            deprecated: false,
            group: None,
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

    /// A pattern that must be found in the text, as the schema shows it and as the decoder runs it.
    #[must_use]
    pub const fn regex(mut self, written: &'static str, compiled: &'static str) -> Self {
        self.regex = Some((written, compiled));
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

    /// The title of the group that it stands in.
    #[must_use]
    pub const fn group(mut self, title: &'static str) -> Self {
        self.group = Some(title);
        self
    }

    /// Marks the input as one that will go away.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}
