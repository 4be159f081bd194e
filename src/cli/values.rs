//! `NAME=VALUE`, or JSON, into the object that a client would have sent, by the types that the schema gives the inputs.

use std::{
    fs,
    io::{self, Read},
};

use serde_json::{Map, Value};

use super::Failure;
use crate::{
    input::data_uri_from_bytes,
    schema::{InputSchema, Kind},
};

/// The JSON object that a client would have sent: `json`, and the arguments on top of it.
pub(super) fn request_from(json: Option<&str>, arguments: &[String], schema: &InputSchema) -> Result<Map<String, Value>, Failure> {
    let mut base = json.map(|json| object_from(json, schema)).transpose()?.unwrap_or_default();
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
    base.append(&mut request);
    Ok(base)
}

fn object_from(text: &str, schema: &InputSchema) -> Result<Map<String, Value>, Failure> {
    let text = match text.strip_prefix('@').unwrap_or(text) {
        "-" => read("-")?,
        path if text.starts_with('@') => read(path)?,
        text => text.to_owned(),
    };
    let fields: Map<String, Value> =
        serde_json::from_str(&text).map_err(|error| Failure::usage(format!("--json: expected a JSON object: {error}")))?;
    match fields.keys().find(|name| schema.property(name).is_none()) {
        Some(name) => Err(unknown(name, schema)),
        None => Ok(fields),
    }
}

/// The text of a file, or of stdin.
fn read(path: &str) -> Result<String, Failure> {
    match path {
        "-" => io::read_to_string(io::stdin()),
        path => fs::read_to_string(path),
    }
    .map_err(|error| Failure::usage(format!("`{path}` could not be read: {error}")))
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
        Kind::File if text == "@-" => Value::from(data_uri_of_stdin()?),
        Kind::File => Value::from(text.strip_prefix('@').unwrap_or(text)),
        Kind::String => Value::from(match text.strip_prefix('@') {
            Some(path) => read(path).map_err(|failure| Failure::usage(format!("{name}: {}", failure.message)))?,
            None => text.to_owned(),
        }),
        Kind::Secret => Value::from(text),
        // A text of a union need not be quoted.
        Kind::Union(kinds) if kinds.contains(&Kind::String) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        _ => serde_json::from_str(text).map_err(|error| wrong(&format!("JSON ({error})")))?,
    })
}

/// Stdin as the file that a client would have sent.
fn data_uri_of_stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| Failure::usage(format!("stdin could not be read: {error}")))?;
    Ok(data_uri_from_bytes("application/octet-stream", &bytes))
}
