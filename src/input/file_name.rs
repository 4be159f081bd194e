//! The name that a downloaded file gets here.

use super::media_type;

/// The longest name, in bytes; file systems take 255, and a temporary file puts some random letters in front.
const LONGEST: usize = 200;

/// Extensions of programs that make files, which say nothing of the file itself.
const PROGRAMS: &[&str] = &["php", "cgi", "pl", "asp", "aspx", "ashx", "jsp", "do", "action", "dll"];

/// What an HTTP answer says of the file that it holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Described {
    /// The path of the URL that was asked in the end, after redirects.
    pub(super) path: String,
    /// The header `Content-Disposition`, if there is one.
    pub(super) disposition: Option<Vec<u8>>,
    /// The header `Content-Type`, if there is one.
    pub(super) content_type: Option<String>,
}

/// The name of a downloaded file: that of its URL if it has an extension, as in Cog; or else the one that `Content-Disposition` or the last redirect
/// gives it, or that of its URL with the extension of its media type.
pub(super) fn from_answer(url: &str, described: &Described) -> String {
    let own = from_url(url);
    if has_extension(&own) {
        return own;
    }
    let sent = described.disposition.as_deref().and_then(from_disposition);
    let last = from_path(&described.path);
    if let Some(name) = sent.iter().chain([&last]).find(|name| has_extension(name)) {
        return name.clone();
    }
    let media_type = described.content_type.as_deref().map(|text| text.split(';').next().unwrap_or_default().trim());
    let known = media_type.filter(|media_type| !media_type.eq_ignore_ascii_case(media_type::UNKNOWN)).and_then(media_type::extension);
    match known {
        Some(extension) => {
            let stem = sent.filter(|name| !name.is_empty()).unwrap_or(own);
            shortened(format!("{}.{extension}", stem.trim_end_matches('.')))
        }
        None => own,
    }
}

/// The name of the file behind a URL: its last path segment, decoded, short enough, and without anything that could leave a directory.
fn from_url(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    from_path(path.split_once('/').map_or("", |(_, path)| path))
}

fn from_path(path: &str) -> String {
    let segment = path.rsplit('/').next().unwrap_or_default().replace('+', " ");
    safe(&percent_encoding::percent_decode_str(&segment).decode_utf8_lossy())
}

/// A name that stays in its directory, and is short enough.
fn safe(name: &str) -> String {
    let replaced = name.chars().map(|letter| if matches!(letter, '/' | '\\') || letter.is_control() { '_' } else { letter });
    shortened(replaced.collect())
}

/// Whether what follows the last dot tells a kind of file: letters and digits, not digits alone, and no program that makes files.
fn has_extension(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    !stem.is_empty()
        && (1..=16).contains(&extension.len())
        && extension.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-'))
        && extension.bytes().any(|letter| letter.is_ascii_alphabetic())
        && !PROGRAMS.iter().any(|program| program.eq_ignore_ascii_case(extension))
}

/// The file name in a `Content-Disposition` header (RFC 6266): `filename*` if it can be read, or else `filename`, without folders.
fn from_disposition(header: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(header).map_or_else(|_| header.iter().map(|byte| char::from(*byte)).collect(), str::to_owned);
    let parameters = parameters(&text);
    let named = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let name = named("filename*").and_then(extended_value).or_else(|| named("filename").map(decoded_if_encoded))?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    (!last.is_empty()).then(|| safe(last))
}

/// The parameters of a header, names in lower case, values without quotes and escapes (RFC 9110 section 5.6.6).
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut part = String::new();
    let (mut quoted, mut escaped) = (false, false);
    let mut finish = |part: &mut String| {
        if let Some((name, value)) = std::mem::take(part).split_once('=') {
            found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    };
    for letter in text.chars() {
        match letter {
            letter if escaped => {
                part.push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => finish(&mut part),
            letter => part.push(letter),
        }
    }
    finish(&mut part);
    found
}

/// The text of `UTF-8'en'a%20b` (RFC 8187 section 3.2); nothing if its character set is another than UTF-8 or ISO-8859-1.
fn extended_value(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(encoded).collect();
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

/// Many servers percent-encode the plain `filename` as well.
fn decoded_if_encoded(name: &str) -> String {
    percent_encoding::percent_decode_str(name).decode_utf8().map_or_else(|_| name.to_owned(), |name| name.into_owned())
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

    fn described(path: &str, disposition: &str, content_type: &str) -> Described {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Described { path: path.to_owned(), disposition: given(disposition).map(String::into_bytes), content_type: given(content_type) }
    }

    #[test]
    fn a_url_without_an_extension_gets_the_one_that_the_answer_names() {
        let cases = [
            ("/a", "", "image/png", "a.png"),
            ("/a", "", "Image/PNG; charset=binary", "a.png"),
            ("/a.", "", "image/png", "a.png"),
            ("/v1.5", "", "image/png", "v1.5.png"),
            ("/image.php", "", "image/jpeg", "image.php.jpg"),
            ("/", "", "image/webp", ".webp"),
            ("/a.jpg", "attachment; filename=b.png", "image/png", "a.jpg"),
            ("/a.safetensors", "", "text/plain", "a.safetensors"),
            ("/a", "", "application/octet-stream", "a"),
            ("/a", "", "nonsense", "a"),
            ("/a", "attachment; filename=b.png", "image/jpeg", "b.png"),
            ("/a", "inline; FileName = \"my \\\"b\\\" c.png\"", "", "my \"b\" c.png"),
            ("/a", "attachment; filename=\"a;b.png\"; size=3", "", "a;b.png"),
            ("/a", "attachment; filename=b.png; filename*=UTF-8''%e2%82%ac%20c.png", "", "€ c.png"),
            ("/a", "attachment; filename*=iso-8859-1'en'%A3.png", "", "£.png"),
            ("/a", "attachment; filename*=UTF-8''%ff.png; filename=b.png", "", "b.png"),
            ("/a", "attachment; filename*=koi8-r''%c1.png; filename=b.png", "", "b.png"),
            ("/a", "attachment; filename=b%20c.png", "", "b c.png"),
            ("/a", "attachment; filename=../../etc/b.png", "", "b.png"),
            ("/a", "attachment; filename=\"C:\\\\b.png\"", "", "b.png"),
            ("/a", "attachment; filename*=UTF-8''..%2F..%2Fb.png", "", "b.png"),
            ("/a", "attachment; filename=b", "image/png", "b.png"),
            ("/a", "attachment; filename=\"\"", "image/png", "a.png"),
            ("/a", "attachment", "image/png", "a.png"),
        ];
        for (path, disposition, content_type, expected) in cases {
            let name = from_answer(&format!("https://host{path}"), &described(path, disposition, content_type));
            assert_eq!(name, expected, "{path} {disposition} {content_type}");
        }
        assert_eq!(from_answer("https://host/moved", &described("/b/photo%201.png", "", "image/jpeg")), "photo 1.png");
        let latin = Described { disposition: Some(b"attachment; filename=\"\xe9.png\"".to_vec()), ..described("/a", "", "") };
        assert_eq!(from_answer("https://host/a", &latin), "é.png");
    }

    #[test]
    fn a_name_that_the_server_makes_too_long_is_cut() {
        let long = described("/a", &format!("attachment; filename={}.png", "b".repeat(5000)), "");
        let name = from_answer("https://host/a", &long);
        assert!(name.len() <= LONGEST && name.ends_with("~.png"), "{name}");
    }
}
