//! What a model returns.

use std::borrow::Cow;

use serde_json::Value;

use super::property::title;
use super::tree::Tree;

/// The form of what a model returns: one of those that Cog can print.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputSchema {
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Plain(&'static str),
    Uri,
    Secret,
    List(Box<OutputSchema>),
    Map(Box<OutputSchema>),
    Record(Vec<OutputField>),
    Stream { item: Box<OutputSchema>, concatenate: bool },
}

/// One field of an object that a model returns.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputField {
    /// The name in the answer.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub schema: OutputSchema,
    /// Whether every answer has it.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
}

impl OutputSchema {
    const fn plain(json_type: &'static str) -> Self {
        Self { shape: Shape::Plain(json_type) }
    }

    /// Text.
    pub const fn string() -> Self {
        Self::plain("string")
    }

    /// A whole number.
    pub const fn integer() -> Self {
        Self::plain("integer")
    }

    /// A number.
    pub const fn number() -> Self {
        Self::plain("number")
    }

    /// `true` or `false`.
    pub const fn boolean() -> Self {
        Self::plain("boolean")
    }

    /// An object of any content.
    pub const fn object() -> Self {
        Self::plain("object")
    }

    /// A file: a data URI or a URL.
    pub const fn uri() -> Self {
        Self { shape: Shape::Uri }
    }

    /// A text that is not to be shown.
    pub const fn secret() -> Self {
        Self { shape: Shape::Secret }
    }

    /// A list, complete when it is returned.
    pub fn list_of(item: Self) -> Self {
        Self { shape: Shape::List(Box::new(item)) }
    }

    /// An object that maps any name to a value of one form.
    pub fn map_of(value: Self) -> Self {
        Self { shape: Shape::Map(Box::new(value)) }
    }

    /// An object with named fields, in this order.
    pub const fn record(fields: Vec<OutputField>) -> Self {
        Self { shape: Shape::Record(fields) }
    }

    /// A list whose items are sent one by one.
    pub fn stream_of(item: Self) -> Self {
        Self { shape: Shape::Stream { item: Box::new(item), concatenate: false } }
    }

    /// A text that is sent piece by piece and shown as one.
    pub fn concatenated() -> Self {
        Self { shape: Shape::Stream { item: Box::new(Self::string()), concatenate: true } }
    }

    /// Whether an answer is a JSON array.
    pub const fn is_list(&self) -> bool {
        matches!(self.shape, Shape::List(_) | Shape::Stream { .. })
    }

    /// Whether items are sent one by one.
    pub const fn is_stream(&self) -> bool {
        matches!(self.shape, Shape::Stream { .. })
    }

    /// The component `Output`.
    pub(super) fn to_tree(&self) -> Tree {
        self.titled("Output".to_owned(), false)
    }

    fn titled(&self, title: String, nullable: bool) -> Tree {
        let mut fields = self.fields();
        fields.push(("title".into(), Tree::text(title)));
        if nullable {
            fields.push(("nullable".into(), Tree::Leaf(Value::Bool(true))));
        }
        Tree::sorted(fields)
    }

    fn fields(&self) -> Vec<(Cow<'static, str>, Tree)> {
        let json_type = |name: &'static str| ("type".into(), Tree::text(name));
        let truth = || Tree::Leaf(Value::Bool(true));
        match &self.shape {
            Shape::Plain(name) => vec![json_type(name)],
            Shape::Uri => vec![json_type("string"), ("format".into(), Tree::text("uri"))],
            Shape::Secret => vec![
                json_type("string"),
                ("format".into(), Tree::text("password")),
                ("writeOnly".into(), truth()),
                ("x-cog-secret".into(), truth()),
            ],
            Shape::List(item) => vec![json_type("array"), ("items".into(), Tree::sorted(item.fields()))],
            Shape::Map(value) => vec![json_type("object"), ("additionalProperties".into(), Tree::sorted(value.fields()))],
            Shape::Stream { item, concatenate } => {
                let mut fields = vec![
                    json_type("array"),
                    ("items".into(), Tree::sorted(item.fields())),
                    ("x-cog-array-type".into(), Tree::text("iterator")),
                ];
                if *concatenate {
                    fields.push(("x-cog-array-display".into(), Tree::text("concatenate")));
                }
                fields
            }
            Shape::Record(record) => {
                let properties =
                    record.iter().map(|field| (field.name.clone(), field.schema.titled(title(&field.name), field.nullable))).collect();
                let mut fields = vec![json_type("object"), ("properties".into(), Tree::Object(properties))];
                let required: Vec<Tree> =
                    record.iter().filter(|field| field.required).map(|field| Tree::text(field.name.clone())).collect();
                if !required.is_empty() {
                    fields.push(("required".into(), Tree::List(required)));
                }
                fields
            }
        }
    }
}
