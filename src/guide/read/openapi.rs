//! The OpenAPI document of a model to its inputs.

use serde_json::Value;

use super::super::data::{Entry, Node};
use super::super::model::{Default, Input, Kind, MAX_INPUTS, Text};
use super::super::source::Span;

/// The inputs in the order of the form; `None` when this is no document of a Cog model.
pub(crate) fn read_inputs(document: &Node, file: usize) -> Option<Vec<Input>> {
    let schemas = document.at(&["components", "schemas"])?;
    let input = schemas.get("Input")?;
    let required: Vec<&str> = input.get("required").map_or(&[][..], Node::items).iter().filter_map(Node::as_str).collect();
    let properties = input.get("properties")?;
    let mut inputs: Vec<_> = properties
        .entries()
        .iter()
        .take(MAX_INPUTS)
        .map(|entry| {
            let order = entry.value.get("x-order").and_then(Node::as_f64).unwrap_or(f64::MAX);
            (order, read_input(entry, schemas, required.contains(&entry.key.as_str()), file))
        })
        .collect();
    inputs.sort_by(|(first, _), (second, _)| first.total_cmp(second));
    Some(inputs.into_iter().map(|(_, input)| input).collect())
}

fn read_input(entry: &Entry, schemas: &Node, required: bool, file: usize) -> Input {
    let property = &entry.value;
    let component = referenced(property, schemas);
    let number = |key: &str| property.get(key).and_then(Node::as_f64);
    let default = property.get("default");
    let nullable = property.get("nullable").and_then(Node::as_bool).unwrap_or(false);
    let description = property.get("description");
    Input {
        name: entry.key.clone(),
        kind: component.map_or_else(|| kind(property), kind),
        optional: nullable || (!required && default.is_none()),
        default: default.map_or(Default::Absent, |node| Default::Value(node.to_value())),
        description: description.and_then(|node| Some(Text { text: node.as_str()?.to_owned(), span: Span::new(file, node.span.clone()) })),
        described_by_code: false,
        ge: number("minimum"),
        le: number("maximum"),
        min_length: number("minLength"),
        max_length: number("maxLength"),
        regex: property.get("pattern").is_some(),
        choices: component.or(Some(property)).and_then(|node| node.get("enum")).map(|node| match node.to_value() {
            Value::Array(values) => values,
            _ => Vec::new(),
        }),
        accept: property.get("x-cog-accept").and_then(Node::as_str).map(str::to_owned),
        deprecated: property.get("deprecated").and_then(Node::as_bool).unwrap_or(false),
        is_opaque: false,
        group: property.get("x-group").and_then(Node::as_str).map(str::to_owned),
        place: Span::new(file, entry.key_span.clone()),
        scope: Span::new(file, entry.key_span.start..property.span.end.max(entry.key_span.end)),
        default_place: default.map(|node| Span::new(file, node.span.clone())),
    }
}

/// The component that `allOf: [{$ref: …}]` or `$ref` leads to.
fn referenced<'n>(property: &'n Node, schemas: &'n Node) -> Option<&'n Node> {
    let direct = property.get("$ref").or_else(|| property.get("allOf")?.items().first()?.get("$ref"))?;
    schemas.get(direct.as_str()?.rsplit('/').next()?)
}

fn kind(property: &Node) -> Kind {
    let text = |key: &str| property.get(key).and_then(Node::as_str);
    match (text("type"), text("format")) {
        (Some("string"), Some("uri")) => Kind::File,
        (Some("string"), Some("password")) => Kind::Secret,
        (Some("string"), _) => Kind::Text,
        (Some("integer"), _) => Kind::Integer,
        (Some("number"), _) => Kind::Number,
        (Some("boolean"), _) => Kind::Boolean,
        (Some("object"), _) => Kind::Object,
        (Some("array"), _) => Kind::List(Box::new(property.get("items").map_or(Kind::Unknown, kind))),
        _ if property.get("anyOf").is_some() => Kind::Union,
        _ => Kind::Unknown,
    }
}
