//! YAML with places. The only file that names the YAML parser.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::super::data::{Data, Entry, MAX_DEPTH, Node};
use super::json::Fault;

/// A list or a map that has not ended yet.
struct Open {
    start: usize,
    /// For a map, its entries; for a list, none.
    entries: Option<Vec<Entry>>,
    items: Vec<Node>,
    /// The key that waits for its value.
    key: Option<Node>,
}

/// Parses the first document of a text; aliases are left empty, so that none can multiply.
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let bytes = |span: Span| -> Range<usize> {
        let at = |index: usize| offsets.get(index).copied().unwrap_or(text.len());
        at(span.start.index())..at(span.end.index().max(span.start.index()))
    };
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (error.marker().line(), error.info().to_owned()))?;
        let (line, span) = (span.start.line(), bytes(span));
        let done = match event {
            Event::Scalar(value, style, _, _) => Node { span: trimmed(text, span), data: scalar(&value, style) },
            Event::Alias(_) => Node { span, data: Data::Scalar(serde_json::Value::Null) },
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= MAX_DEPTH {
                    return Err((line, format!("nested more than {MAX_DEPTH} levels deep")));
                }
                let entries = matches!(event, Event::MappingStart(..)).then(Vec::new);
                open.push(Open { start: span.start, entries, items: Vec::new(), key: None });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(ended) = open.pop() else { continue };
                let data = ended.entries.map_or(Data::List(ended.items), Data::Map);
                Node { span: ended.start..span.end.max(ended.start), data }
            }
            _ => continue,
        };
        let Some(around) = open.last_mut() else { return Ok(done) };
        match (&mut around.entries, around.key.take()) {
            (None, _) => around.items.push(done),
            (Some(_), None) => around.key = Some(done),
            (Some(entries), Some(key)) => {
                entries.push(Entry { key: key_text(&key), key_span: key.span, value: done });
            }
        }
    }
    Ok(Node { span: 0..text.len(), data: Data::Scalar(serde_json::Value::Null) })
}

/// The parser counts white space after a plain value as part of it.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let length = text.get(span.clone()).map_or(span.len(), |content| content.trim_end().len());
    span.start..span.start + length
}

fn key_text(key: &Node) -> String {
    match &key.data {
        Data::Text(text) => text.clone(),
        Data::Scalar(value) => value.to_string(),
        Data::List(_) | Data::Map(_) => String::new(),
    }
}

fn scalar(value: &str, style: ScalarStyle) -> Data {
    if style != ScalarStyle::Plain {
        return Data::Text(value.to_owned());
    }
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Data::Scalar(serde_json::Value::Null),
        "true" | "True" | "TRUE" => Data::Scalar(true.into()),
        "false" | "False" | "FALSE" => Data::Scalar(false.into()),
        _ => match value.parse::<i64>() {
            Ok(number) => Data::Scalar(number.into()),
            Err(_) => Data::Text(value.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cog_yaml_keeps_its_places() {
        let text =
            "# é\nbuild:\n  gpu: true\n  run:\n    - echo 1\n    - \"b\"\npredict: \"predict.py:Predictor\"  # note\nimage: a/b # c\n";
        let node = parse(text).unwrap();
        assert_eq!(node.at(&["build", "gpu"]).unwrap().as_bool(), Some(true));
        assert_eq!(node.get("predict").unwrap().as_str(), Some("predict.py:Predictor"));
        let image = node.get("image").unwrap();
        assert_eq!(text.get(image.span.clone()), Some("a/b"));
        assert_eq!(node.at(&["build", "run"]).unwrap().items()[1].as_str(), Some("b"));
        assert_eq!(text.get(node.entries()[0].key_span.clone()), Some("build"));
    }

    #[test]
    fn deep_nesting_and_aliases_are_no_danger() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
        assert!(parse("a: &x [1]\nb: [*x, *x]\nc: {<<: *x}").is_ok());
        assert!(parse("").is_ok() && parse("a: [").is_err());
    }
}
