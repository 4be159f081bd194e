//! URLs as messages and logs may show them: without user names, passwords, and queries, which may hold signatures.

use std::borrow::Cow;

use reqwest::Url;

/// The longest URL that a message repeats, in characters.
const LONGEST: usize = 200;

/// A URL without user information, query and fragment; of one that cannot be parsed, nothing but the scheme.
pub(crate) fn shown_url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        // Where it cannot be parsed, no part of it is known to be harmless.
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        return format!("{scheme}://…");
    };
    if let Some(shown) = as_written(text) {
        return shown.chars().take(LONGEST).collect();
    }
    // These fail only for URLs without a host, which hold no user information.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().chars().take(LONGEST).collect()
}

/// The URL in its sender's spelling, if that is as plain as the parser takes it to be.
fn as_written(text: &str) -> Option<String> {
    if text.contains(|letter: char| letter == '\\' || letter.is_control()) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next()?;
    Some(format!("{scheme}://{host}{path}"))
}

/// A text of a client's, cut before the user information of a URL in it.
pub(crate) fn without_user_info(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    // Browsers and clients read `http:user@host` and `http:\\\\user@host` as they do `http://user@host`.
    let begins = ["://", "http:", "https:"].iter().flat_map(|marker| lower.match_indices(marker).map(|(at, marker)| at + marker.len()));
    match begins.filter(|begin| lower.get(*begin..).is_some_and(|rest| rest.contains('@'))).min() {
        Some(begin) => Cow::Owned(format!("{}…", text.get(..begin).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_information_and_query_are_never_shown() {
        let cases = [
            ("http://user:secret@host/x", "http://host/x"),
            ("http://user:secret@host:8080/x?secret#secret", "http://host:8080/x"),
            ("http://secret@host", "http://host"),
            ("http://user:secret@127.1:1/x", "http://127.1:1/x"),
            ("https://user:sec%40ret@host/x", "https://host/x"),
            ("https://user:sec@ret@host/x", "https://host/x"),
            ("http:\\\\user:secret@host\\x", "http://host/x"),
            ("http://us\ner:sec\tret@host/x", "http://host/x"),
            // The authority ends at the first slash, so this has a port of letters.
            ("http://user:sec/ret@host/x", "http://…"),
            ("http://user:secret@host:99999/x", "http://…"),
            ("http://user:secret@/x", "http://…"),
            ("https://host/@user/photo.png", "https://host/@user/photo.png"),
        ];
        for (url, expected) in cases {
            assert_eq!(shown_url(url), expected, "{url:?}");
        }
    }

    #[test]
    fn a_text_is_cut_where_user_information_begins() {
        assert_eq!(without_user_info("ftp://user:secret@host/x"), "ftp://…");
        assert_eq!(without_user_info("see HTTP://user:secret@host"), "see HTTP:…");
        assert_eq!(without_user_info("http:\\\\user:secret@host"), "http:…");
        assert_eq!(without_user_info("a@b.c, http://host/x"), "a@b.c, http://host/x");
    }
}
