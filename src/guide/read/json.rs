//! JSON with places.

use std::ops::Range;

use super::super::data::{Data, Entry, Node};

/// The line (from 1) and what is wrong there.
pub(crate) type Fault = (usize, String);

/// Parses a text; objects keep their order.
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    // The strict parser judges, its limit on depth included; what follows only has to find the places.
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| (error.line(), error.to_string()))?;
    let mut scanner = Scanner { text, at: 0 };
    scanner.value().ok_or_else(|| (1, format!("found {} where a value was expected", kind(&value))))
}

const fn kind(value: &serde_json::Value) -> &'static str {
    match value {
        serde_json::Value::Object(_) => "an object",
        serde_json::Value::Array(_) => "a list",
        _ => "a plain value",
    }
}

/// Walks over text that is known to be valid.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `byte` if it comes next.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Option<Node> {
        let first = self.peek()?;
        let start = self.at;
        let data = match first {
            b'{' => self.map()?,
            b'[' => self.list()?,
            b'"' => Data::Text(self.string()?.0),
            _ => {
                let length = self.text.get(start..)?.find(|c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace());
                self.at = length.map_or(self.text.len(), |length| start + length);
                Data::Scalar(serde_json::from_str(self.text.get(start..self.at)?).ok()?)
            }
        };
        Some(Node { span: start..self.at, data })
    }

    fn map(&mut self) -> Option<Data> {
        let mut entries = Vec::new();
        self.take(b'{');
        while !self.take(b'}') {
            self.peek()?;
            let (key, key_span) = self.string()?;
            self.take(b':');
            entries.push(Entry { key, key_span, value: self.value()? });
            self.take(b',');
        }
        Some(Data::Map(entries))
    }

    fn list(&mut self) -> Option<Data> {
        let mut items = Vec::new();
        self.take(b'[');
        while !self.take(b']') {
            items.push(self.value()?);
            self.take(b',');
        }
        Some(Data::List(items))
    }

    /// A string and the place of its content, quotes left out.
    fn string(&mut self) -> Option<(String, Range<usize>)> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        while *bytes.get(end)? != b'"' {
            end += if bytes.get(end) == Some(&b'\\') { 2 } else { 1 };
        }
        self.at = end + 1;
        Some((serde_json::from_str(self.text.get(start..=end)?).ok()?, start + 1..end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_values_agree() {
        let text = r#" {"b": [1, -2.5e3, null], "a \" é": {"x": true}} "#;
        let node = parse(text).unwrap();
        assert_eq!(node.to_value(), serde_json::from_str::<serde_json::Value>(text).unwrap());
        assert_eq!(node.entries()[0].key, "b");
        assert_eq!(text.get(node.entries()[1].key_span.clone()), Some(r#"a \" é"#));
        assert_eq!(text.get(node.at(&["b"]).unwrap().items()[1].span.clone()), Some("-2.5e3"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse("{}").is_ok() && parse("").is_err());
    }
}
