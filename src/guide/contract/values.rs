//! Literals as Cog's schema generator reads them: from their text, without running Python.

use std::collections::HashMap;

use crate::guide::python::syntax::Node;

/// Lists inside lists are followed this far.
const MAX_DEPTH: usize = 16;

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    Set(Vec<Value>),
}

/// Module-level names that stand for a literal. The last readable assignment counts.
pub(crate) type Scope = HashMap<String, Value>;

/// The literals that the top level of a file gives names to.
pub(crate) fn scope(root: Node<'_>) -> Scope {
    let mut found = Scope::new();
    for statement in root.children().filter(|child| child.kind() == "expression_statement") {
        let mut inner = statement.named_children();
        let (Some(assignment), None) = (inner.next(), inner.next()) else { continue };
        if assignment.kind() != "assignment" {
            continue;
        }
        if let (Some(left), Some(right)) = (assignment.field("left"), assignment.field("right"))
            && left.kind() == "identifier"
            && let Some(value) = literal(right)
        {
            found.insert(left.text().to_owned(), value);
        }
    }
    found
}

/// The value of a literal; `None` for everything else.
pub(crate) fn literal(node: Node<'_>) -> Option<Value> {
    read(node, MAX_DEPTH)
}

fn read(node: Node<'_>, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let all = |node: Node<'_>| node.named_children().map(|item| read(item, depth)).collect::<Option<Vec<_>>>();
    match node.kind() {
        "none" => Some(Value::None),
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "integer" => integer(node.text()).map(Value::Int),
        "float" => number_of(node.text()).map(Value::Float),
        "unary_operator" => integer(node.text()).map(Value::Int).or_else(|| number_of(node.text()).map(Value::Float)),
        "string" | "concatenated_string" => text(node).map(Value::Text),
        "list" => all(node).map(Value::List),
        "set" => all(node).map(Value::Set),
        // What a tuple or a dictionary holds is left out where it cannot be read.
        "tuple" => Some(Value::List(node.named_children().filter_map(|item| read(item, depth)).collect())),
        "dictionary" => Some(Value::Dict(
            node.children().filter_map(|pair| Some((read(pair.field("key")?, depth)?, read(pair.field("value")?, depth)?))).collect(),
        )),
        _ => None,
    }
}

/// A literal, or a module-level name of one.
pub(crate) fn resolved(node: Node<'_>, scope: &Scope) -> Option<Value> {
    literal(node).or_else(|| (node.kind() == "identifier").then(|| scope.get(node.text()).cloned()).flatten())
}

/// The content of a string: what stands between the first and the last quotes, escapes and inner quotes included.
pub(crate) fn text(node: Node<'_>) -> Option<String> {
    let source = node.text();
    for (mark, length) in [("\"\"\"", 3), ("'''", 3), ("\"", 1), ("'", 1)] {
        if source.starts_with(mark) {
            return source.get(length..source.len().checked_sub(length)?).map(str::to_owned);
        }
    }
    let raw = source.starts_with("r\"") || source.starts_with("r'");
    raw.then(|| source.get(2..source.len().checked_sub(1)?).map(str::to_owned)).flatten()
}

/// A number as a limit is read: decimal, underscores allowed, no other base.
pub(crate) fn number(node: Node<'_>) -> Option<f64> {
    number_of(node.text())
}

fn number_of(source: &str) -> Option<f64> {
    let source = source.trim();
    let digits = source.strip_prefix(['-', '+']).unwrap_or(source);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || digits.ends_with('_') {
        return None;
    }
    source.replace('_', "").parse().ok()
}

/// A whole number of 64 bits, with the prefixes of every base.
fn integer(source: &str) -> Option<i64> {
    let source = source.trim();
    let (sign, digits) = match source.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", source.strip_prefix('+').unwrap_or(source)),
    };
    let plain = digits.replace('_', "").to_ascii_lowercase();
    let (radix, digits) = match plain.get(..2) {
        Some("0x") => (16, plain.get(2..)?),
        Some("0o") => (8, plain.get(2..)?),
        Some("0b") => (2, plain.get(2..)?),
        _ => (10, plain.as_str()),
    };
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}

/// The elements of choices: a list, a name of one, a sum of two, `list(TABLE.keys())` or `list(TABLE.values())`.
pub(crate) fn choices(node: Node<'_>, scope: &Scope) -> Option<Vec<Value>> {
    sum(node, scope, MAX_DEPTH)
}

fn sum(node: Node<'_>, scope: &Scope, depth: usize) -> Option<Vec<Value>> {
    let depth = depth.checked_sub(1)?;
    match node.kind() {
        "list" => match literal(node)? {
            Value::List(items) => Some(items),
            _ => None,
        },
        "identifier" => match scope.get(node.text())? {
            Value::List(items) => Some(items.clone()),
            _ => None,
        },
        "binary_operator" if node.field("operator")?.text() == "+" => {
            let mut items = sum(node.field("left")?, scope, depth)?;
            items.extend(sum(node.field("right")?, scope, depth)?);
            Some(items)
        }
        "call" => keys_or_values(node, scope),
        _ => None,
    }
}

fn keys_or_values(node: Node<'_>, scope: &Scope) -> Option<Vec<Value>> {
    if node.field("function")?.text() != "list" {
        return None;
    }
    let inner = node.field("arguments")?.named_children().next().filter(|inner| inner.kind() == "call")?;
    let function = inner.field("function").filter(|function| function.kind() == "attribute")?;
    let table = function.field("object").filter(|table| table.kind() == "identifier")?;
    let Value::Dict(pairs) = scope.get(table.text())? else { return None };
    match function.field("attribute")?.text() {
        "keys" => Some(pairs.iter().map(|(key, _)| key.clone()).collect()),
        "values" => Some(pairs.iter().map(|(_, value)| value.clone()).collect()),
        _ => None,
    }
}

/// How Python would read a string differently from Cog, if it would.
pub(crate) fn altered(node: Node<'_>) -> Option<Altered> {
    let source = node.text();
    if node.kind() == "concatenated_string" {
        return Some(Altered::Joined);
    }
    if source.starts_with("r\"\"\"") || source.starts_with("r'''") {
        return Some(Altered::StrayQuotes);
    }
    let decoded = node.subtree().filter(|part| part.kind() == "escape_sequence").any(|part| is_escape(part.text()));
    (source.starts_with(['"', '\'']) && decoded).then_some(Altered::Escape)
}

/// What is left in a text that Python would not leave there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Altered {
    /// A backslash.
    Escape,
    /// The quotes and the gap between two literals.
    Joined,
    /// Two quotes at each end.
    StrayQuotes,
}

/// Whether Python replaces this; `\d` and the like stay as they are.
fn is_escape(text: &str) -> bool {
    text.strip_prefix('\\').is_some_and(|rest| {
        rest.starts_with(['\\', '\'', '"', 'a', 'b', 'f', 'n', 'r', 't', 'v', 'x', 'N', 'u', 'U', '\n', '\r'])
            || rest.starts_with(|c: char| c.is_digit(8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::python::syntax::parse;

    fn value(source: &str) -> Option<Value> {
        let tree = parse(&format!("X = ['a']\nT = {{'k': 1, 'l': f()}}\nv({source})\n")).unwrap();
        let call = tree.root().subtree().filter(|node| node.kind() == "call").last().unwrap();
        let _ = call;
        let arguments =
            tree.root().subtree().find(|node| node.kind() == "argument_list" && node.parent().text().starts_with("v(")).unwrap();
        literal(arguments.named_children().next().unwrap())
    }

    #[test]
    fn literals_are_read_by_their_text() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        for (source, expected) in [
            ("-0x10", Some(Value::Int(-16))),
            ("+1", Some(Value::Int(1))),
            ("1_000", Some(Value::Int(1000))),
            (".5", Some(Value::Float(0.5))),
            ("99999999999999999999", None),
            ("-(1)", None),
            ("1j", None),
            ("'a\\n'", text("a\\n")),
            ("'a' \"b\"", text("a' \"b")),
            ("r'''a'''", text("''a''")),
            ("f'a'", None),
            ("R'a'", None),
            ("(1, f())", Some(Value::List(vec![Value::Int(1)]))),
            ("[1, f()]", None),
            ("{'a': f()}", Some(Value::Dict(vec![]))),
            ("2 * 3", None),
        ] {
            assert_eq!(value(source), expected, "{source}");
        }
    }
}
