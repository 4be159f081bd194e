//! A struct as it was written, and as it was understood.

use proc_macro2::Span;
use syn::{Expr, Generics, Ident, Path, Type};

use crate::parse::Shape;

/// What is known of a type that derives, before its fields.
pub(crate) struct Container {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// The crate's name at the place of the derive.
    pub(crate) krate: Path,
}

/// A struct of inputs, as written.
pub(crate) struct Raw {
    pub(crate) container: Container,
    pub(crate) fields: Vec<RawField>,
}

/// A field of a struct of inputs, as written.
pub(crate) struct RawField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The type inside the `Option`, or the type itself.
    pub(crate) inner: Type,
    pub(crate) optional: bool,
    pub(crate) shape: Shape,
    pub(crate) doc: Option<String>,
    /// A part of the doc comment that only the compiler knows.
    pub(crate) computed_doc: Option<Expr>,
    pub(crate) keys: Keys,
}

/// The keys of `#[input(…)]` on a field.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) default: Option<Key>,
    pub(crate) ge: Option<Key>,
    pub(crate) le: Option<Key>,
    pub(crate) min_length: Option<Key>,
    pub(crate) max_length: Option<Key>,
    pub(crate) regex: Option<Key>,
    pub(crate) choices: Option<Key>,
    pub(crate) accept: Option<Key>,
    pub(crate) description: Option<Key>,
    pub(crate) name: Option<Key>,
    pub(crate) recommended: Option<Key>,
    pub(crate) group: Option<GroupKey>,
    pub(crate) deprecated: Option<Span>,
}

/// `group` in its two senses.
pub(crate) enum GroupKey {
    /// `group = "Title"`: the input stands under a title.
    Title(Box<Key>),
    /// `group` or `group(…)`: the field is a struct of inputs.
    Nested(Box<NestedGroup>),
}

/// `group(prefix = "…", title = "…", steps(default = 28))`.
pub(crate) struct NestedGroup {
    pub(crate) prefix: Option<Key>,
    pub(crate) title: Option<Key>,
    pub(crate) changes: Vec<RawChange>,
}

/// What a use of a group says of one of its inputs, as written.
pub(crate) struct RawChange {
    pub(crate) target: Ident,
    pub(crate) keys: Keys,
}

/// A key and its value.
pub(crate) struct Key {
    pub(crate) ident: Ident,
    pub(crate) value: Expr,
}

/// A struct of inputs without a mistake.
pub(crate) struct Checked {
    pub(crate) entries: Vec<CheckedEntry>,
}

/// What a field contributes.
pub(crate) enum CheckedEntry {
    Input(Box<CheckedInput>),
    Group(Box<CheckedGroup>),
}

impl CheckedEntry {
    pub(crate) fn ident(&self) -> &Ident {
        match self {
            Self::Input(input) => &input.ident,
            Self::Group(group) => &group.ident,
        }
    }
}

/// A group without a mistake, as far as can be seen from here.
pub(crate) struct CheckedGroup {
    pub(crate) ident: Ident,
    /// The struct, without its `Option`.
    pub(crate) ty: Type,
    pub(crate) optional: bool,
    pub(crate) prefix: String,
    pub(crate) title: String,
    pub(crate) changes: Vec<CheckedChange>,
}

/// What a use of a group says of one of its inputs.
pub(crate) struct CheckedChange {
    pub(crate) target: Ident,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<Option<String>>,
    pub(crate) default: Option<Constant>,
    pub(crate) ge: Option<Constant>,
    pub(crate) le: Option<Constant>,
    pub(crate) recommended: Option<(Constant, Constant)>,
    pub(crate) choices: Option<Choices>,
    pub(crate) deprecated: bool,
}

/// An input without a mistake.
pub(crate) struct CheckedInput {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The type inside the `Option`, or the type itself.
    pub(crate) inner: Type,
    /// Whether only the compiler knows enough of it to check it.
    pub(crate) unknown: bool,
    pub(crate) group: Option<String>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Constant>,
    pub(crate) ge: Option<Constant>,
    pub(crate) le: Option<Constant>,
    pub(crate) recommended: Option<(Constant, Constant)>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) regex: Option<Pattern>,
    pub(crate) choices: Option<Choices>,
    pub(crate) accept: Option<String>,
    pub(crate) deprecated: bool,
}

/// A value that is known while compiling.
#[derive(Clone, PartialEq)]
pub(crate) enum Constant {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    List(Vec<Constant>),
    Object(Vec<(String, Constant)>),
    /// An expression whose value only the compiler knows.
    Computed(Box<Expr>, Shape),
}

/// A closed set of values.
#[derive(Clone)]
pub(crate) enum Choices {
    Texts(Vec<String>),
    Integers(Vec<i64>),
}

/// A pattern, as the schema shows it and as the decoder runs it.
pub(crate) struct Pattern {
    pub(crate) written: String,
    pub(crate) compiled: String,
}
