//! Annotations as Cog reads them: names, `name[…]` and unions.

use crate::guide::python::syntax::Node;

/// Annotations inside annotations are followed this far.
const MAX_DEPTH: usize = 32;

/// An annotation before its names are resolved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Annotation {
    Name(String),
    Generic(String, Vec<Annotation>),
    Union(Vec<Annotation>),
}

impl Annotation {
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::Name(name) if name == "None")
    }
}

/// Reads an annotation; nothing when it has a form that Cog does not read.
pub(crate) fn annotation(node: Node<'_>) -> Option<Annotation> {
    of_node(node, MAX_DEPTH)
}

fn of_node(node: Node<'_>, depth: usize) -> Option<Annotation> {
    let depth = depth.checked_sub(1)?;
    let node = if node.kind() == "type" { node.named_children().next().unwrap_or(node) } else { node };
    match node.kind() {
        "identifier" | "attribute" => Some(Annotation::Name(node.text().to_owned())),
        "none" => Some(Annotation::Name("None".to_owned())),
        "subscript" => {
            let value = node.field("value")?;
            let arguments = node.named_children().filter(|child| child.id != value.id);
            let arguments = arguments.map(|argument| of_node(argument, depth)).collect::<Option<Vec<_>>>()?;
            let name = value.text().to_owned();
            Some(if arguments.is_empty() { Annotation::Name(name) } else { Annotation::Generic(name, arguments) })
        }
        "binary_operator" => {
            if node.field("operator")?.text() != "|" {
                return None;
            }
            let mut members = Vec::new();
            for side in ["left", "right"] {
                match of_node(node.field(side)?, depth)? {
                    Annotation::Union(inner) => members.extend(inner),
                    other => members.push(other),
                }
            }
            Some(Annotation::Union(members))
        }
        "string" | "concatenated_string" => of_text(node.text().trim_matches(['"', '\'']), depth),
        _ => of_text(node.text(), depth),
    }
}

/// Reads the text of an annotation.
pub(crate) fn of_text(source: &str, depth: usize) -> Option<Annotation> {
    let depth = depth.checked_sub(1)?;
    let source = source.trim();
    for quote in ['"', '\''] {
        if source.len() >= 2 && source.starts_with(quote) && source.ends_with(quote) {
            return of_text(source.get(1..source.len() - 1)?, depth);
        }
    }
    let members = split(source, '|');
    if members.len() > 1 {
        return members.into_iter().map(|member| of_text(member, depth)).collect::<Option<Vec<_>>>().map(Annotation::Union);
    }
    if let Some((outer, rest)) = source.split_once('[')
        && let Some(inner) = rest.strip_suffix(']')
    {
        let arguments = split(inner, ',').into_iter().map(|argument| of_text(argument, depth)).collect::<Option<Vec<_>>>()?;
        return Some(Annotation::Generic(outer.trim().to_owned(), arguments));
    }
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    source.split('.').all(plain).then(|| Annotation::Name(source.to_owned()))
}

/// Splits at a character that stands outside of square brackets; an empty last part counts.
fn split(source: &str, at: char) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i64, 0);
    for (index, character) in source.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ if character == at && depth == 0 => {
                parts.push(source.get(start..index).unwrap_or_default());
                start = index + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(source.get(start..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_annotations_or_nothing() {
        let name = |name: &str| Annotation::Name(name.to_owned());
        for (source, expected) in [
            ("str", Some(name("str"))),
            ("'a.B'", Some(name("a.B"))),
            ("list[str]", Some(Annotation::Generic("list".to_owned(), vec![name("str")]))),
            ("str | None", Some(Annotation::Union(vec![name("str"), name("None")]))),
            ("list[str,]", None),
            ("Annotated[int, Input(ge=1)]", None),
            ("", None),
        ] {
            assert_eq!(of_text(source, MAX_DEPTH), expected, "{source}");
        }
        assert_eq!(of_text(&"list[".repeat(10_000), MAX_DEPTH), None);
    }
}
