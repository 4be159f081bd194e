//! What fits into one of the engine's frames.
//!
//! A frame is JSON of 8 MiB at most. One that is larger is not sent, and takes the slot with it; one that is nested too deeply is not read, which does the same.

use serde_json::Value;

/// Longest text of an error, in bytes of JSON.
pub(super) const ERROR_LIMIT: usize = 1 << 20;

/// Longest piece of a log, in bytes of JSON. The engine cuts at 4 MiB of text, and the note should stay.
pub(super) const LOG_LIMIT: usize = (4 << 20) - 1024;

/// How deeply lists and objects may be nested in each other. The engine reads 127 levels, of which a frame is one.
pub(super) const DEPTH_LIMIT: usize = 120;

/// The text, cut behind a whole character and with a note of its full length if it takes more than `limit` bytes as JSON.
pub(super) fn cut(text: String, limit: usize) -> String {
    match end_within(&text, limit) {
        Some(end) => {
            let kept = text.get(..end).unwrap_or_default();
            format!("{kept}\n[cut here: {end} of {} bytes are shown]", text.len())
        }
        None => text,
    }
}

/// Where to cut a text that takes more than `limit` bytes as JSON.
fn end_within(text: &str, limit: usize) -> Option<usize> {
    // The longest escape of a byte is `\u0000`.
    if text.len() <= limit / 6 {
        return None;
    }
    let mut length = 0;
    for (index, letter) in text.char_indices() {
        length += match letter {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '\0'..='\u{1f}' => 6,
            other => other.len_utf8(),
        };
        if length > limit {
            return Some(index);
        }
    }
    None
}

/// Whether lists and objects are nested in each other more deeply than the engine reads.
pub(super) fn is_too_deep(value: &Value) -> bool {
    let mut level: Vec<&Value> = vec![value];
    for _ in 0..=DEPTH_LIMIT {
        level = level
            .into_iter()
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().filter(|item| is_container(item)).collect(),
                Value::Object(fields) => fields.values().filter(|item| is_container(item)).collect(),
                _ => Vec::new(),
            })
            .collect();
        if level.is_empty() {
            return false;
        }
    }
    true
}

fn is_container(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_cut_by_its_length_as_json_behind_a_whole_character() {
        for (letter, kept) in [("a", 60), ("é", 60), ("\u{1}", 10), ("\"", 30), ("€", 60), ("\u{1f600}", 60)] {
            let found = cut(letter.repeat(100), 60);
            let expected = format!("\n[cut here: {kept} of {} bytes are shown]", letter.len() * 100);
            assert_eq!(found.strip_prefix(&letter.repeat(kept / letter.len())), Some(expected.as_str()), "{letter:?}");
            assert!(serde_json::to_string(&letter.repeat(kept / letter.len())).unwrap().len() <= 62);
        }
        assert_eq!(cut("é".repeat(30), 60), "é".repeat(30));
        assert_eq!(cut(String::new(), 60), "");
    }

    #[test]
    fn depth_counts_lists_and_objects() {
        let nested =
            |levels: usize| (0..levels).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"a": inner}) });
        assert!(!is_too_deep(&json!("x")));
        assert!(!is_too_deep(&nested(DEPTH_LIMIT)));
        assert!(is_too_deep(&nested(DEPTH_LIMIT + 2)));
    }
}
