//! Values that can be read without running Python.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::syntax::Node;

/// Lists inside lists are followed this far.
const MAX_DEPTH: usize = 8;
/// Constants that repeat each other may stand for more values than fit anywhere; reading ends after this many.
const MAX_VALUES: usize = 20_000;

/// What is left of both limits.
#[derive(Clone, Copy)]
struct Left<'l> {
    depth: usize,
    values: &'l Cell<usize>,
}

impl Left<'_> {
    /// What is left one level down, if anything.
    fn below(self) -> Option<Self> {
        self.values.set(self.values.get().checked_sub(1)?);
        Some(Self { depth: self.depth.checked_sub(1)?, ..self })
    }
}

/// Module-level names that are given a value once.
pub(crate) type Constants<'t> = HashMap<&'t str, Node<'t>>;

/// The value of an expression, or nothing when it takes Python to know.
pub(crate) fn value(node: Node<'_>, constants: &Constants<'_>) -> Option<Value> {
    read(node, constants, Left { depth: MAX_DEPTH, values: &Cell::new(MAX_VALUES) })
}

fn read(node: Node<'_>, constants: &Constants<'_>, left: Left<'_>) -> Option<Value> {
    let left = left.below()?;
    match node.kind() {
        "string" => text(node).map(Value::String),
        "concatenated_string" => node.children().map(text).collect::<Option<String>>().map(Value::String),
        "integer" => integer(node.text()),
        "float" => node.text().replace('_', "").parse().ok().and_then(Number::from_f64).map(Value::Number),
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        "none" => Some(Value::Null),
        "unary_operator" => negated(&read(node.field("argument")?, constants, left)?, node.text()),
        "parenthesized_expression" => read(node.children().next()?, constants, left),
        "list" | "tuple" => node.children().map(|item| read(item, constants, left)).collect::<Option<Vec<_>>>().map(Value::Array),
        "dictionary" => dictionary(node, constants, left).map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        "identifier" => read(*constants.get(node.text())?, constants, left),
        "binary_operator" => joined(node, constants, left),
        "call" => keys_or_values(node, constants, left),
        _ => None,
    }
}

/// The content of a plain string, escapes left as written, as Cog leaves them.
pub(crate) fn text(node: Node<'_>) -> Option<String> {
    let source = node.text();
    let quote = source.find(['"', '\''])?;
    let (prefix, rest) = source.split_at(quote);
    if prefix.contains(['f', 'F', 'b', 'B', 't', 'T']) {
        return None;
    }
    ["\"\"\"", "'''", "\"", "'"].iter().find_map(|mark| rest.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark))).map(str::to_owned)
}

fn integer(source: &str) -> Option<Value> {
    let plain = source.replace('_', "").to_ascii_lowercase();
    let parsed = match plain.get(..2) {
        Some("0x") => i64::from_str_radix(plain.get(2..)?, 16),
        Some("0o") => i64::from_str_radix(plain.get(2..)?, 8),
        Some("0b") => i64::from_str_radix(plain.get(2..)?, 2),
        _ => plain.parse(),
    };
    parsed.map(Value::from).ok().or_else(|| plain.parse().ok().and_then(Number::from_f64).map(Value::Number))
}

fn negated(value: &Value, source: &str) -> Option<Value> {
    match source.chars().next()? {
        '+' => Some(value.clone()),
        '-' => match value.as_i64() {
            Some(whole) => whole.checked_neg().map(Value::from),
            None => value.as_f64().and_then(|number| Number::from_f64(-number)).map(Value::Number),
        },
        _ => None,
    }
}

fn dictionary(node: Node<'_>, constants: &Constants<'_>, left: Left<'_>) -> Option<Vec<(String, Value)>> {
    node.children()
        .map(|pair| {
            let key = read(pair.field("key")?, constants, left)?;
            let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            // The values of a table of models may be anything; only the keys have to be known.
            Some((key, pair.field("value").and_then(|value| read(value, constants, left)).unwrap_or(Value::Null)))
        })
        .collect()
}

/// `A + B` of two lists or two strings.
fn joined(node: Node<'_>, constants: &Constants<'_>, left: Left<'_>) -> Option<Value> {
    if node.field("operator")?.text() != "+" {
        return None;
    }
    match (read(node.field("left")?, constants, left)?, read(node.field("right")?, constants, left)?) {
        (Value::Array(mut first), Value::Array(second)) => {
            first.extend(second);
            Some(Value::Array(first))
        }
        (Value::String(first), Value::String(second)) => Some(Value::String(first + &second)),
        _ => None,
    }
}

/// `list(D.keys())`, `list(D.values())` and `list(D)`.
fn keys_or_values(node: Node<'_>, constants: &Constants<'_>, left: Left<'_>) -> Option<Value> {
    if node.field("function")?.text() != "list" {
        return None;
    }
    let inner = node.field("arguments")?.children().next()?;
    let (table, values) = match inner.kind() {
        "identifier" => (inner, false),
        "call" => {
            let function = inner.field("function")?;
            (function.field("object")?, function.field("attribute")?.text() == "values")
        }
        _ => return None,
    };
    let pairs = dictionary(*constants.get(table.text())?, constants, left)?;
    Some(pairs.into_iter().map(|(key, value)| if values { value } else { Value::String(key) }).collect())
}

#[cfg(test)]
mod tests {
    use super::super::syntax::parse;
    use super::*;
    use serde_json::json;

    fn of(source: &str) -> Option<Value> {
        let source = format!("BASE = ['a', 'b']\nTABLE = {{'x': f(), 'y': 2}}\nvalue = {source}\n");
        let tree = parse(&source).unwrap();
        let constants = super::super::constants(&tree);
        value(*constants.get("value").unwrap(), &constants)
    }

    #[test]
    fn literals_are_read_as_python_would() {
        for (source, expected) in [
            ("'a'", json!("a")),
            ("\"\"\"a\"\"\"", json!("a")),
            ("r'\\d'", json!("\\d")),
            ("'a' 'b'", json!("ab")),
            ("-1", json!(-1)),
            ("1_000", json!(1000)),
            ("0xff", json!(255)),
            ("1e-3", json!(0.001)),
            ("None", json!(null)),
            ("(True)", json!(true)),
            ("BASE + ['c']", json!(["a", "b", "c"])),
            ("list(TABLE.keys())", json!(["x", "y"])),
        ] {
            assert_eq!(of(source), Some(expected), "{source}");
        }
    }

    #[test]
    fn constants_that_multiply_are_given_up() {
        let list = |name: &str| format!("[{}]", vec![name; 100].join(", "));
        let text = format!("A = {}\nB = {}\nC = {}\nD = {}\nvalue = D\n", list("1"), list("A"), list("B"), list("C"));
        let tree = parse(&text).unwrap();
        let constants = super::super::constants(&tree);
        assert!(value(constants["A"], &constants).is_some() && value(constants["value"], &constants).is_none());
    }

    #[test]
    fn what_takes_python_to_know_is_not_guessed() {
        for source in ["f'{x}'", "b'x'", "f()", "x.y", "OTHER", "[1, f()]", "value"] {
            assert_eq!(of(source), None, "{source}");
        }
    }
}
