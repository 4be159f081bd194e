//! Words in names and descriptions.

/// The words of an input's name: `guidance_scale` → `guidance`, `scale`.
pub(crate) fn parts(name: &str) -> Vec<&str> {
    name.split('_').filter(|part| !part.is_empty()).collect()
}

/// The words of a text in lower case, punctuation left out.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether any of the phrases stands in the text, as whole words, whatever the case.
pub(crate) fn says_any(text: &str, phrases: &[&str]) -> bool {
    let text = format!(" {} ", words(text).join(" "));
    phrases.iter().any(|phrase| text.contains(&format!(" {} ", words(phrase).join(" "))))
}

/// The phrase of the list that is closest to what was written, if any is close.
pub(crate) fn closest<'c>(written: &str, known: &[&'c str]) -> Option<&'c str> {
    let scored = known.iter().map(|candidate| (distance(written, candidate), *candidate));
    scored.min().filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3)).map(|(_, candidate)| candidate)
}

/// The number of letters to add, remove or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Names as people read them: "`a`, `b` and `c`".
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words() {
        assert!(says_any("Leave blank, to randomize.", &["leave blank"]));
        assert!(!says_any("pngs only", &["png"]));
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        assert_eq!(closest("descripton", &["default", "description"]), Some("description"));
        assert_eq!(closest("zzz", &["default", "description"]), None);
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(["a"]), "`a`");
    }
}
