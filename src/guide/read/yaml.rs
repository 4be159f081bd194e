//! YAML with places. The only file that names the YAML parser.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::super::data::{Data, Entry, MAX_DEPTH, Node};
use super::json::Fault;

/// Aliases may stand for this many values in all; further ones are left empty.
const MAX_COPIES: usize = 20_000;

/// A list or a map that has not ended yet.
struct Open {
    start: usize,
    anchor: usize,
    /// For a map, its entries; for a list, none.
    entries: Option<Vec<Entry>>,
    items: Vec<Node>,
    /// The key that waits for its value.
    key: Option<Node>,
}

/// Parses the first document of a text. A key that stands twice in one map is a fault, as it is for Cog.
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    if let Some(at) = text.find(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) {
        let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        return Err((line, "control characters are not allowed".to_owned()));
    }
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let bytes = |span: Span| -> Range<usize> {
        let at = |index: usize| offsets.get(index).copied().unwrap_or(text.len());
        at(span.start.index())..at(span.end.index().max(span.start.index()))
    };
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Node> = HashMap::new();
    let mut copies = MAX_COPIES;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (error.marker().line(), error.info().to_owned()))?;
        let (line, span) = (span.start.line(), bytes(span));
        let mut anchor = 0;
        let done = match event {
            Event::Scalar(value, style, id, _) => {
                anchor = id;
                Node { span: trimmed(text, span), data: scalar(&value, style) }
            }
            Event::Alias(id) => {
                let copy = anchors.get(&id).filter(|node| spend(node, &mut copies)).map(|node| node.data.clone());
                Node { span, data: copy.unwrap_or(Data::Scalar(serde_json::Value::Null)) }
            }
            Event::SequenceStart(id, _) | Event::MappingStart(id, _) => {
                if open.len() >= MAX_DEPTH {
                    return Err((line, format!("nested more than {MAX_DEPTH} levels deep")));
                }
                let entries = matches!(event, Event::MappingStart(..)).then(Vec::new);
                open.push(Open { start: span.start, anchor: id, entries, items: Vec::new(), key: None });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(ended) = open.pop() else { continue };
                anchor = ended.anchor;
                let data = ended.entries.map_or(Data::List(ended.items), |entries| Data::Map(merged(entries)));
                Node { span: ended.start..span.end.max(ended.start), data }
            }
            _ => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, done.clone());
        }
        let Some(around) = open.last_mut() else { return Ok(done) };
        match (&mut around.entries, around.key.take()) {
            (None, _) => around.items.push(done),
            (Some(_), None) => around.key = Some(done),
            (Some(entries), Some(key)) => {
                let text = key_text(&key);
                if text != MERGE && entries.iter().any(|entry| entry.key == text) {
                    return Err((line, format!("key `{text}` stands twice")));
                }
                entries.push(Entry { key: text, key_span: key.span, value: done });
            }
        }
    }
    Ok(Node { span: 0..text.len(), data: Data::Scalar(serde_json::Value::Null) })
}

/// The key whose value is another map to take entries from.
const MERGE: &str = "<<";

/// Puts the entries of `<<` in, where the map has none of its own.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    let (merges, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.key == MERGE);
    for merge in merges {
        let maps = if merge.value.items().is_empty() { vec![merge.value] } else { merge.value.items().to_vec() };
        for entry in maps.iter().flat_map(Node::entries) {
            if !own.iter().any(|known| known.key == entry.key) {
                own.push(entry.clone());
            }
        }
    }
    own
}

/// Whether there is enough left to copy a value; it is taken off.
fn spend(node: &Node, left: &mut usize) -> bool {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        let Some(rest) = left.checked_sub(1) else { return false };
        *left = rest;
        waiting.extend(node.items());
        waiting.extend(node.entries().iter().map(|entry| &entry.value));
    }
    true
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
        _ => match (value.parse::<i64>(), value.parse::<f64>()) {
            (Ok(number), _) => Data::Scalar(number.into()),
            (_, Ok(number)) if number.is_finite() && value.contains(|c: char| c.is_ascii_digit()) => Data::Scalar(number.into()),
            _ => Data::Text(value.to_owned()),
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
    fn aliases_and_merge_keys_are_followed() {
        let node = parse("base: &b\n  gpu: true\n  cuda: 12\nbuild:\n  <<: *b\n  cuda: 11\nagain: *b\n").unwrap();
        assert_eq!(node.at(&["build", "gpu"]).unwrap().as_bool(), Some(true));
        assert_eq!(node.at(&["build", "cuda"]).unwrap().as_f64(), Some(11.0));
        assert_eq!(node.at(&["again", "cuda"]).unwrap().as_f64(), Some(12.0));
        assert_eq!(parse("a: 1\nb: 2\na: 3\n").unwrap_err().0, 3);
    }

    #[test]
    fn deep_nesting_and_aliases_are_no_danger() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
        assert!(parse("a: &x [1]\nb: [*x, *x]\nc: {<<: *x}").is_ok());
        let bomb: String =
            (1..12).map(|level| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "))).collect();
        assert!(parse(&format!("a0: &a0 x\n{bomb}")).is_ok());
        assert!(parse("").is_ok() && parse("a: [").is_err());
    }
}
