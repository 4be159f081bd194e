//! `NAME=VALUE` into JSON, by the type that the schema gives the input.

use serde_json::{Map, Number, Value};

use super::Failure;
use crate::schema::{InputSchema, Kind, Property};

/// The JSON object that a client would have sent.
pub(super) fn request_from(arguments: &[String], schema: &InputSchema) -> Result<Map<String, Value>, Failure> {
    let mut request = Map::new();
    for argument in arguments {
        let (name, text) =
            argument.split_once('=').ok_or_else(|| Failure::usage(format!("found `-i {argument}`, expected `-i NAME=VALUE`")))?;
        let property = schema.properties().iter().find(|property| property.name == name).ok_or_else(|| unknown(name, schema))?;
        let value = value_from(name, text, property)?;
        match (request.get_mut(name), property.kind.item()) {
            (Some(Value::Array(items)), Some(_)) => items.push(value),
            (Some(_), _) => return Err(Failure::usage(format!("input `{name}` is given twice"))),
            (None, Some(_)) => drop(request.insert(name.to_owned(), Value::Array(vec![value]))),
            (None, None) => drop(request.insert(name.to_owned(), value)),
        }
    }
    Ok(request)
}

fn unknown(name: &str, schema: &InputSchema) -> Failure {
    let known: Vec<&str> = schema.properties().iter().map(|property| property.name.as_str()).collect();
    Failure::usage(format!("there is no input `{name}`; the inputs are {}", known.join(", ")))
}

fn value_from(name: &str, text: &str, property: &Property) -> Result<Value, Failure> {
    let wrong = |expected: &str| Failure::usage(format!("{name}: found `{text}`, expected {expected}"));
    let kind = property.kind.item().unwrap_or(&property.kind);
    Ok(match kind {
        Kind::Integer => Value::from(text.parse::<i64>().map_err(|_| wrong("an integer"))?),
        Kind::Number => text.parse().ok().and_then(Number::from_f64).map(Value::Number).ok_or_else(|| wrong("a number"))?,
        Kind::Boolean => Value::Bool(text.parse().map_err(|_| wrong("true or false"))?),
        kind if kind.is_file() => Value::from(text.strip_prefix('@').unwrap_or(text)),
        Kind::String => Value::from(match text.strip_prefix('@') {
            Some(path) => std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{name}: `{path}` could not be read: {error}")))?,
            None => text.to_owned(),
        }),
        _ => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
    })
}
