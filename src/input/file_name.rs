//! The name that a downloaded file gets here.

/// The longest name, in bytes; file systems take 255, and a temporary file puts some random letters in front.
const LONGEST: usize = 200;

/// The name of the file behind a URL: its last path segment, decoded, short enough, and without anything that could leave a directory.
pub(super) fn from_url(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let segment = path.split_once('/').map_or("", |(_, path)| path.rsplit('/').next().unwrap_or_default());
    let plain = segment.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&plain).decode_utf8_lossy();
    let safe: String =
        decoded.chars().map(|letter| if matches!(letter, '/' | '\\' | '\0'..='\x1f' | '\x7f') { '_' } else { letter }).collect();
    shortened(safe)
}

/// A name of at most 200 bytes: the stem is cut, marked with `~`, and the extension kept.
fn shortened(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let dot = name.rfind('.').filter(|dot| *dot > 0 && name.len() - dot < LONGEST / 2).unwrap_or(name.len());
    let (stem, extension) = name.split_at(dot);
    let end = stem.floor_char_boundary(LONGEST - extension.len() - 1);
    format!("{}~{extension}", stem.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_and_cannot_leave_the_directory() {
        let cases = [
            ("https://host/a/photo.jpg", "photo.jpg"),
            ("https://host/a/photo.jpg?size=2#top", "photo.jpg"),
            ("https://host/my+holiday%20photo.png", "my holiday photo.png"),
            ("https://host/", ""),
            ("https://host", ""),
            ("https://host?x=/a.png", ""),
            ("https://host/..%2f..%2Fetc%2Fpasswd", ".._.._etc_passwd"),
            ("https://host/a%00b", "a_b"),
        ];
        for (url, expected) in cases {
            assert_eq!(from_url(url), expected, "{url}");
        }
    }

    #[test]
    fn long_names_lose_their_middle_and_keep_the_extension() {
        for letter in ["a", "é", "😀"] {
            let name = from_url(&format!("https://host/{}.jpeg", letter.repeat(300)));
            assert!(name.len() <= LONGEST && name.len() > LONGEST - 5, "{}", name.len());
            assert!(name.ends_with("~.jpeg"), "{name}");
        }
        assert_eq!(from_url(&format!("https://host/a.{}", "b".repeat(300))).len(), LONGEST);
    }
}
