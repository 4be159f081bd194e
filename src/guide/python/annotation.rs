//! The type that an annotation names.

use super::super::model::Kind;

const MAX_DEPTH: usize = 8;

/// What an annotation says, as far as the rules ask.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Annotation {
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
}

impl Annotation {
    const fn of(kind: Kind) -> Self {
        Self { kind, optional: false }
    }
}

/// Finds the original of an imported name.
type Original<'o> = &'o dyn Fn(&str) -> Option<String>;

/// Reads the text of an annotation, such as `Optional[list[Path]]`. What Cog refuses has the kind that was likely meant.
pub(crate) fn annotation(source: &str, original: Original<'_>) -> Annotation {
    read(source, original, MAX_DEPTH)
}

fn read(source: &str, original: Original<'_>, depth: usize) -> Annotation {
    let source = source.trim().trim_matches(['"', '\'']).trim();
    let Some(depth) = depth.checked_sub(1) else { return Annotation::of(Kind::Unknown) };
    let members = split(source, '|');
    if members.len() > 1 {
        return union(&members, original, depth);
    }
    let (head, arguments) = match source.split_once('[') {
        Some((head, rest)) => (head, rest.strip_suffix(']').map(|inside| split(inside, ','))),
        None => (source, None),
    };
    let name = head.rsplit('.').next().unwrap_or(head).trim();
    let known = named(name, arguments.as_deref(), original, depth);
    let renamed = known.is_none().then(|| original(head.trim())).flatten();
    known.or_else(|| named(renamed?.rsplit('.').next()?, arguments.as_deref(), original, depth)).unwrap_or(Annotation::of(Kind::Unknown))
}

fn named(name: &str, arguments: Option<&[&str]>, original: Original<'_>, depth: usize) -> Option<Annotation> {
    Some(match (name, arguments) {
        ("str", None) => Annotation::of(Kind::Text),
        ("int", None) => Annotation::of(Kind::Integer),
        ("float", None) => Annotation::of(Kind::Number),
        ("bool", None) => Annotation::of(Kind::Boolean),
        ("Path" | "File", None) => Annotation::of(Kind::File),
        ("Secret", None) => Annotation::of(Kind::Secret),
        ("Any" | "dict" | "Dict", _) => Annotation::of(Kind::Object),
        ("None", None) => Annotation { kind: Kind::Unknown, optional: true },
        ("Optional", Some([inner])) => Annotation { optional: true, ..read(inner, original, depth) },
        ("Union", Some(members)) => union(members, original, depth),
        ("Annotated", Some([inner, ..])) => read(inner, original, depth),
        ("list" | "List", Some([inner])) => {
            let item = read(inner, original, depth);
            if item.optional || matches!(item.kind, Kind::List(_)) {
                return Some(Annotation::of(Kind::Unknown));
            }
            Annotation::of(Kind::List(Box::new(item.kind)))
        }
        _ => return None,
    })
}

fn union(members: &[&str], original: Original<'_>, depth: usize) -> Annotation {
    let read: Vec<_> = members.iter().map(|member| read(member, original, depth)).collect();
    let optional = read.iter().any(|member| member.optional);
    let mut kinds = read.into_iter().filter(|member| !(member.optional && member.kind == Kind::Unknown));
    match (kinds.next(), kinds.next()) {
        (Some(only), None) => Annotation { optional, ..only },
        (None, _) => Annotation { kind: Kind::Unknown, optional },
        (Some(_), Some(_)) => Annotation { kind: Kind::Union, optional },
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
            let found = annotation(source, &|_| None);
            assert_eq!((found.kind, found.optional), (kind, optional), "{source}");
        }
        let renamed = |name: &str| (name == "P").then(|| "cog.Path".to_owned());
        assert_eq!(annotation("Optional[P]", &renamed), Annotation { kind: Kind::File, optional: true });
    }

    #[test]
    fn brackets_without_end_are_no_danger() {
        assert_eq!(annotation(&"Optional[".repeat(5_000), &|_| None).kind, Kind::Unknown);
    }
}
