//! JSON whose objects keep the order they were made in, and the bytes that Cog writes for it.

use std::borrow::Cow;
use std::fmt::{self, Write};

use serde_json::Value;

use super::Number;

/// A JSON value; an object lists its keys in the order in which they are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Leaf(Value),
    List(Vec<Tree>),
    Object(Vec<(Cow<'static, str>, Tree)>),
}

impl Tree {
    /// An object whose keys are sorted by byte, as Go writes a map.
    pub(super) fn sorted(mut fields: Vec<(Cow<'static, str>, Tree)>) -> Self {
        fields.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        Self::Object(fields)
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Leaf(Value::String(text.into()))
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Leaf(value) => value.clone(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(fields) => Value::Object(fields.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect()),
        }
    }
}

impl Tree {
    /// The same on many lines, each level two spaces further in, as Go indents.
    pub(super) fn write_indented(&self, f: &mut fmt::Formatter<'_>, level: usize) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, level: usize| write!(f, "\n{:width$}", "", width = 2 * level);
        match self {
            Self::List(items) if !items.is_empty() => {
                f.write_char('[')?;
                for (position, item) in items.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { "," })?;
                    line(f, level + 1)?;
                    item.write_indented(f, level + 1)?;
                }
                line(f, level)?;
                f.write_char(']')
            }
            Self::Object(fields) if !fields.is_empty() => {
                f.write_char('{')?;
                for (position, (key, value)) in fields.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { "," })?;
                    line(f, level + 1)?;
                    write_text(f, key)?;
                    f.write_str(": ")?;
                    value.write_indented(f, level + 1)?;
                }
                line(f, level)?;
                f.write_char('}')
            }
            leaf => write!(f, "{leaf}"),
        }
    }
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => Self::sorted(fields.into_iter().map(|(key, value)| (key.into(), value.into())).collect()),
            leaf => Self::Leaf(leaf),
        }
    }
}

/// Compact JSON with Go's numbers and escapes.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf(value) => write_leaf(f, value),
            Self::List(items) => {
                f.write_char('[')?;
                for (position, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if position == 0 { "" } else { "," })?;
                }
                f.write_char(']')
            }
            Self::Object(fields) => {
                f.write_char('{')?;
                for (position, (key, value)) in fields.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { "," })?;
                    write_text(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_leaf(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::String(text) => write_text(f, text),
        Value::Number(_) => match Number::from_json(value) {
            Some(number) => write!(f, "{number}"),
            None => write!(f, "{value}"),
        },
        other => write!(f, "{other}"),
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{c}' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => write!(f, "\\u{:04x}", u32::from(character))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_go_escapes_it() {
        assert_eq!(Tree::text("a\"\\\n<b>&é\u{2028}\u{1}").to_string(), r#""a\"\\\n\u003cb\u003e\u0026é\u2028\u0001""#);
    }

    #[test]
    fn nothing_is_indented_and_everything_else_is() {
        struct Indented(Tree);
        impl fmt::Display for Indented {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write_indented(f, 0)
            }
        }
        let tree = Tree::from(serde_json::json!({"b": [1, {}], "a": [], "c": {"<": null}}));
        assert_eq!(
            Indented(tree).to_string(),
            "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {}\n  ],\n  \"c\": {\n    \"\\u003c\": null\n  }\n}"
        );
    }

    #[test]
    fn plain_json_is_written_with_sorted_keys() {
        let tree = Tree::from(serde_json::json!({"b": [1, 2.0, null], "a": {"d": true, "c": 1e21}}));
        assert_eq!(tree.to_string(), r#"{"a":{"c":1e+21,"d":true},"b":[1,2,null]}"#);
    }
}
