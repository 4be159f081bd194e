//! The type that an annotation names.

use super::super::model::Kind;

const MAX_DEPTH: usize = 8;

/// What an annotation says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Annotation {
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    /// Why Cog refuses it, if it does.
    pub(crate) refused: Option<&'static str>,
}

impl Annotation {
    const fn of(kind: Kind) -> Self {
        Self { kind, optional: false, refused: None }
    }

    const fn refused(reason: &'static str) -> Self {
        Self { kind: Kind::Unknown, optional: false, refused: Some(reason) }
    }
}

/// Reads the text of an annotation, such as `Optional[list[Path]]`.
pub(crate) fn annotation(source: &str) -> Annotation {
    read(source, MAX_DEPTH)
}

fn read(source: &str, depth: usize) -> Annotation {
    let source = source.trim().trim_matches(['"', '\'']).trim();
    let Some(depth) = depth.checked_sub(1) else { return Annotation::of(Kind::Unknown) };
    let members = split(source, '|');
    if members.len() > 1 {
        return union(&members, depth);
    }
    let (head, arguments) = match source.split_once('[') {
        Some((head, rest)) => (head, rest.strip_suffix(']').map(|inside| split(inside, ','))),
        None => (source, None),
    };
    let name = head.rsplit('.').next().unwrap_or(head).trim();
    match (name, arguments.as_deref()) {
        ("str", None) => Annotation::of(Kind::Text),
        ("int", None) => Annotation::of(Kind::Integer),
        ("float", None) => Annotation::of(Kind::Number),
        ("bool", None) => Annotation::of(Kind::Boolean),
        ("Path" | "File" | "CogPath" | "CogFile", None) => Annotation::of(Kind::File),
        ("Secret", None) => Annotation::of(Kind::Secret),
        ("Any" | "dict" | "Dict", _) => Annotation::of(Kind::Object),
        ("None", None) => Annotation { kind: Kind::Unknown, optional: true, refused: None },
        ("Optional", Some([inner])) => Annotation { optional: true, ..read(inner, depth) },
        ("Union", Some(members)) => union(members, depth),
        ("Annotated", Some([inner, ..])) => read(inner, depth),
        ("list" | "List", Some([inner])) => list(&read(inner, depth)),
        ("list" | "List", None) => Annotation::refused("a list has to say of what, such as `list[str]`"),
        ("tuple" | "Tuple" | "set" | "Set" | "frozenset", _) => Annotation::refused("Cog has lists, no tuples and sets"),
        ("Literal", Some(_)) => Annotation::refused("Cog takes `choices=[…]` in `Input(…)` instead of Literal"),
        _ => Annotation::of(Kind::Unknown),
    }
}

fn list(item: &Annotation) -> Annotation {
    if item.optional {
        return Annotation::refused("the elements of a list cannot be Optional");
    }
    match item.kind {
        Kind::List(_) => Annotation::refused("a list of lists is no input"),
        _ => Annotation { kind: Kind::List(Box::new(item.kind.clone())), ..item.clone() },
    }
}

fn union(members: &[&str], depth: usize) -> Annotation {
    let read: Vec<_> = members.iter().map(|member| read(member, depth)).collect();
    let optional = read.iter().any(|member| member.optional);
    let mut kinds = read.into_iter().filter(|member| !(member.optional && member.kind == Kind::Unknown));
    match (kinds.next(), kinds.next()) {
        (Some(only), None) => Annotation { optional, ..only },
        (None, _) => Annotation { kind: Kind::Unknown, optional, refused: None },
        (Some(first), Some(second)) => {
            let files = [&first.kind, &second.kind].into_iter().any(|kind| matches!(kind, Kind::File | Kind::Secret));
            let refused = files.then_some("files and secrets cannot be one of several types");
            Annotation { kind: Kind::Union, optional, refused }
        }
    }
}

/// Splits at a character that stands outside brackets.
fn split(source: &str, at: char) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (index, character) in source.char_indices() {
        match character {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ if character == at && depth == 0 => {
                parts.push(source.get(start..index).unwrap_or_default().trim());
                start = index + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(source.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_become_kinds() {
        let list = |kind| Kind::List(Box::new(kind));
        for (source, kind, optional) in [
            ("str", Kind::Text, false),
            ("Optional[int]", Kind::Integer, true),
            ("typing.Optional[float]", Kind::Number, true),
            ("str | None", Kind::Text, true),
            ("None | list[Path]", list(Kind::File), true),
            ("Union[bool, None]", Kind::Boolean, true),
            ("Union[str, int]", Kind::Union, false),
            ("cog.Path", Kind::File, false),
            ("'Secret'", Kind::Secret, false),
            ("dict[str, list[int]]", Kind::Object, false),
            ("Annotated[dict, Opaque]", Kind::Object, false),
            ("MyModel", Kind::Unknown, false),
        ] {
            let found = annotation(source);
            assert_eq!((found.kind, found.optional, found.refused), (kind, optional, None), "{source}");
        }
    }

    #[test]
    fn what_cog_refuses_has_a_reason() {
        for source in ["list", "Tuple[int, int]", "Literal['a']", "list[list[int]]", "list[Optional[int]]", "Path | str", "set[str]"] {
            assert!(annotation(source).refused.is_some(), "{source}");
        }
    }

    #[test]
    fn brackets_without_end_are_no_danger() {
        assert_eq!(annotation(&"Optional[".repeat(5_000)).kind, Kind::Unknown);
        assert_eq!(annotation(&"Optional[".repeat(5_000)).refused, None);
    }
}
