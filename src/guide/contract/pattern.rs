//! Patterns in the syntax of Go's RE2 engine.

/// Longer patterns are not tried on defaults.
const MAX_LENGTH: usize = 1_000;

/// What the engine does not have, if the pattern needs such a thing.
pub(crate) fn unsupported(pattern: &str) -> Option<&'static str> {
    let mut open = 0_usize;
    let mut characters = pattern.char_indices();
    let mut repeatable = false;
    while let Some((at, character)) = characters.next() {
        let rest = pattern.get(at..).unwrap_or_default();
        match character {
            '\\' => {
                let Some((_, escaped)) = characters.next() else { return Some("a backslash at its end") };
                if matches!(escaped, '1'..='9') || (escaped == 'k' && rest.starts_with("\\k<")) {
                    return Some("a reference to an earlier group");
                }
                if escaped.is_ascii_alphabetic() && !"aAbBCdDfnpPQEsStrvwWxz".contains(escaped) {
                    return Some("an escape that RE2 does not have");
                }
                repeatable = true;
            }
            '[' => {
                let length = class_length(rest)?;
                if length == 0 {
                    return Some("a `[` that is not closed");
                }
                while characters.clone().next().is_some_and(|(next, _)| next < at + length) {
                    characters.next();
                }
                repeatable = true;
            }
            '(' => {
                open += 1;
                if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start)) {
                    return Some("a look ahead or behind");
                }
                if rest.starts_with("(?P=") || rest.starts_with("(?>") || rest.starts_with("(?(") || rest.starts_with("(?#") {
                    return Some("a kind of group that RE2 does not have");
                }
                if rest.starts_with("(?") {
                    characters.next();
                    while characters.clone().next().is_some_and(|(_, next)| !matches!(next, ':' | ')' | '>')) {
                        characters.next();
                    }
                    if let Some((_, ')')) = characters.next() {
                        open = open.saturating_sub(1);
                    }
                }
                repeatable = false;
            }
            ')' => {
                if open == 0 {
                    return Some("a `)` without `(`");
                }
                open -= 1;
                repeatable = true;
            }
            '*' | '+' | '?' => {
                if !repeatable {
                    return Some("nothing to repeat before `*`, `+` or `?`");
                }
                // One more `?` asks for as few as possible; anything else repeats a repetition.
                if characters.clone().next().is_some_and(|(_, next)| next == '?') {
                    characters.next();
                }
                repeatable = false;
            }
            '|' | '^' => repeatable = character == '^',
            _ => repeatable = true,
        }
    }
    (open > 0).then_some("a `(` that is not closed")
}

/// The bytes of a class with its brackets; 0 if it does not end.
fn class_length(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1).peekable();
    if characters.peek().is_some_and(|(_, c)| *c == '^') {
        characters.next();
    }
    let mut first = true;
    while let Some((at, character)) = characters.next() {
        match character {
            ']' if !first => return Some(at + 1),
            '\\' => {
                characters.next();
            }
            '[' if rest.get(at..).is_some_and(|inner| inner.starts_with("[:")) => {
                for (_, inner) in characters.by_ref() {
                    if inner == ']' {
                        break;
                    }
                }
            }
            _ => {}
        }
        first = false;
    }
    Some(0)
}

/// Whether a text holds what the pattern looks for; nothing when that cannot be told here.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    if pattern.len() > MAX_LENGTH
        || pattern.contains("\\p")
        || pattern.contains("\\P")
        || pattern.contains("\\C")
        || pattern.contains("\\Q")
    {
        return None;
    }
    regex_lite::Regex::new(pattern).ok().map(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_re2_has_not_is_named() {
        for pattern in [r"^[a-z]+$", r"\d{2,3}?", r"(?i)a|b", r"(?P<x>a)*", r"[]a]", r"[[:alpha:]]+", r"\\d", "", r"^*", "(a|)+", r"\x{41}"]
        {
            assert_eq!(unsupported(pattern), None, "{pattern}");
        }
        for pattern in [r"^(?!a)", r"(?<=a)b", r"(a)\1", "(", ")", "[a", "*a", "a**", "a++", r"\Z", "(?>a)", r"a\"] {
            assert!(unsupported(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn patterns_search_the_text() {
        assert_eq!((matches("b", "abc"), matches("^b", "abc"), matches("(", "a")), (Some(true), Some(false), None));
    }
}
