//! TOML with places. The only file that names the TOML parser.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::data::{Data, Entry, Node};
use super::json::Fault;

/// Parses a text; keys keep the order of the file.
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        (line, error.message().to_owned())
    })?;
    Ok(table(parsed.get_ref(), 0..text.len()))
}

fn table(table: &DeTable<'_>, span: Range<usize>) -> Node {
    let mut entries: Vec<_> =
        table.iter().map(|(key, value)| Entry { key: key.get_ref().to_string(), key_span: key.span(), value: node(value) }).collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Node { span, data: Data::Map(entries) }
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let data = match value.get_ref() {
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Boolean(value) => Data::Scalar((*value).into()),
        DeValue::Integer(number) => Data::Scalar(i64::from_str_radix(number.as_str(), number.radix()).ok().into()),
        DeValue::Float(number) => Data::Scalar(number.as_str().parse::<f64>().ok().into()),
        DeValue::Datetime(_) => Data::Scalar(serde_json::Value::Null),
        DeValue::Array(items) => Data::List(items.iter().map(node).collect()),
        DeValue::Table(inner) => return table(inner, value.span()),
    };
    Node { span: value.span(), data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_order_and_places() {
        let text = "level = \"warning\"\nallow = [\"CK101\"]\n[levels]\nCK501 = \"hint\"\n";
        let node = parse(text).unwrap();
        assert_eq!(node.entries().iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["level", "allow", "levels"]);
        assert_eq!(text.get(node.at(&["levels", "CK501"]).unwrap().span.clone()), Some("\"hint\""));
    }

    #[test]
    fn faults_have_a_line_and_depth_has_an_end() {
        assert_eq!(parse("a = 1\nb = = 2").unwrap_err().0, 2);
        assert!(parse(&format!("a = {}", "[".repeat(100_000))).is_err());
    }
}
