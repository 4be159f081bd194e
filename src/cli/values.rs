//! `NAME=VALUE` into JSON, by the type that the schema gives the input.

use std::fs;

use serde_json::{Map, Value};

use super::Failure;
use crate::schema::{InputSchema, Kind};

/// The JSON object that a client would have sent.
pub(super) fn request_from(arguments: &[String], schema: &InputSchema) -> Result<Map<String, Value>, Failure> {
    let mut request = Map::new();
    for argument in arguments {
        let (name, text) =
            argument.split_once('=').ok_or_else(|| Failure::usage(format!("found `-i {argument}`, expected `-i NAME=VALUE`")))?;
        let property = schema.property(name).ok_or_else(|| unknown(name, schema))?;
        let (kind, is_list) = match property.kind {
            Kind::List(item) => (*item, true),
            kind => (kind, false),
        };
        let value = value_from(name, text, kind)?;
        match request.get_mut(name) {
            Some(Value::Array(items)) if is_list => items.push(value),
            Some(_) => return Err(Failure::usage(format!("input `{name}` is given twice"))),
            None => {
                let value = if is_list { Value::Array(vec![value]) } else { value };
                request.insert(name.to_owned(), value);
            }
        }
    }
    Ok(request)
}

fn unknown(name: &str, schema: &InputSchema) -> Failure {
    let known: Vec<&str> = schema.properties().iter().map(|property| property.name.as_str()).collect();
    Failure::usage(format!("there is no input `{name}`; the inputs are {}", known.join(", ")))
}

fn value_from(name: &str, text: &str, kind: Kind) -> Result<Value, Failure> {
    let wrong = |expected: &str| Failure::usage(format!("{name}: found `{text}`, expected {expected}"));
    Ok(match kind {
        Kind::Integer(_) => Value::Number(text.parse().map_err(|_| wrong("an integer"))?),
        Kind::Number(_) => Value::Number(text.parse().map_err(|_| wrong("a number"))?),
        Kind::Boolean => Value::Bool(text.parse().map_err(|_| wrong("true or false"))?),
        Kind::File => Value::from(text.strip_prefix('@').unwrap_or(text)),
        Kind::String => Value::from(match text.strip_prefix('@') {
            Some(path) => {
                fs::read_to_string(path).map_err(|error| Failure::usage(format!("{name}: `{path}` could not be read: {error}")))?
            }
            None => text.to_owned(),
        }),
        Kind::Secret => Value::from(text),
        // A text of a union need not be quoted.
        Kind::Union(kinds) if kinds.contains(&Kind::String) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        _ => serde_json::from_str(text).map_err(|error| wrong(&format!("JSON ({error})")))?,
    })
}
