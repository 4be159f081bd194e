//! The name that was probably meant.

/// What other libraries call our keys.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("min", "ge"),
    ("minimum", "ge"),
    ("gt", "ge"),
    ("gte", "ge"),
    ("max", "le"),
    ("maximum", "le"),
    ("lt", "le"),
    ("lte", "le"),
    ("range", "ge"),
    ("help", "description"),
    ("doc", "description"),
    ("about", "description"),
    ("title", "description"),
    ("pattern", "regex"),
    ("options", "choices"),
    ("values", "choices"),
    ("one_of", "choices"),
    ("enum", "choices"),
    ("rename", "name"),
    ("alias", "name"),
    ("default_value", "default"),
    ("mime", "accept"),
    ("mime_type", "accept"),
    ("media_type", "accept"),
    ("hint", "recommended"),
    ("best", "recommended"),
    ("flatten", "group"),
    ("nested", "group"),
];

/// The one of `names` that `word` probably means.
pub(crate) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let meant = OTHER_NAMES.iter().find(|(other, _)| *other == word).map(|(_, name)| *name);
    if let Some(name) = meant.and_then(|meant| names.iter().find(|name| **name == meant)) {
        return Some(name);
    }
    let allowed = word.len().div_ceil(3);
    let distances = names.iter().map(|name| (distance(word, name), *name));
    distances.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// `; did you mean …?`, or nothing.
pub(crate) fn did_you_mean(word: &str, names: &[&str]) -> String {
    nearest(word, names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// How many letters must be put in, left out or changed to turn one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (position, letter) in from.chars().enumerate() {
        let mut left = position + 1;
        let mut next = vec![left];
        for (other, pair) in to.iter().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(letter != *other)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_other_libraries_words_find_our_name() {
        let names = ["default", "ge", "le", "regex", "description", "max_length"];
        let cases =
            [("min", Some("ge")), ("max", Some("le")), ("defualt", Some("default")), ("maxlength", Some("max_length")), ("colour", None)];
        for (word, expected) in cases {
            assert_eq!(nearest(word, &names), expected, "{word}");
        }
    }
}
