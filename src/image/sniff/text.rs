//! Text that is not an image: markup, scripts, error messages, images in base64.

use super::{super::Format, image_format};

/// Characters that are looked at.
const HEAD: usize = 32 << 10;

/// The start of the content as text, without a byte order mark; none if it is not text.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(2 * HEAD)).unwrap_or(bytes);
    let text = if let Some(rest) = head.strip_prefix(b"\xff\xfe".as_slice()) {
        utf16(rest, u16::from_le_bytes)?
    } else if let Some(rest) = head.strip_prefix(b"\xfe\xff".as_slice()) {
        utf16(rest, u16::from_be_bytes)?
    } else if matches!(head.get(..4), Some([b'!'..=b'~', 0, b'!'..=b'~', 0])) {
        utf16(head, u16::from_le_bytes)?
    } else if matches!(head.get(..4), Some([0, b'!'..=b'~', 0, b'!'..=b'~'])) {
        utf16(head, u16::from_be_bytes)?
    } else {
        utf8(head)?
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    (!text.chars().any(|c| c.is_control() && !c.is_whitespace())).then(|| text.to_owned())
}

fn utf8(head: &[u8]) -> Option<String> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text.to_owned()),
        // A character may be cut in two at the end of what is looked at.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(head.get(..error.valid_up_to())?).ok().map(str::to_owned),
        // Text in an older encoding: mostly ASCII, other letters above 0xa0, and nothing that text has no use for.
        Err(_) => {
            let is_text = head.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x91..=0x97 | 0xa0..=0xff));
            let other = head.iter().filter(|byte| !byte.is_ascii()).count();
            (is_text && head.len() >= 32 && other * 8 <= head.len()).then(|| head.iter().map(|&byte| char::from(byte)).collect())
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|&pair| unit(pair)).collect();
    // The last character may be cut in two.
    String::from_utf16(&units).ok().or_else(|| String::from_utf16(units.split_last()?.1).ok())
}

/// Whether content is an SVG drawing.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    decode(bytes).is_some_and(|text| matches!(markup(&text), Some(Markup::Element(name)) if local(name) == "svg"))
}

/// What kind of text this is.
pub(super) fn name(text: &str) -> String {
    let text = text.trim_start();
    if text.is_empty() {
        return "nothing but blank space".to_owned();
    }
    match markup(text) {
        Some(Markup::Html) => return HTML.to_owned(),
        Some(Markup::Element(element)) => match local(element).to_ascii_lowercase().as_str() {
            "svg" => return "an SVG drawing".to_owned(),
            name if HTML_ELEMENTS.contains(&name) => return HTML.to_owned(),
            _ => return format!("an XML document that starts with <{}>", shown(element)),
        },
        Some(Markup::Declaration) => return "an XML document".to_owned(),
        None => {}
    }
    if let Some((_, name)) = STARTS.iter().find(|(start, _)| starts_with(text, start)) {
        return (*name).to_owned();
    }
    if starts_with(text, "data:") {
        let media_type = text.get(5..).and_then(|rest| rest.split([';', ',']).next()).unwrap_or_default();
        return format!("the text of a data URI of type `{}` (decode it first)", shown(media_type));
    }
    if let Some(encoded) = encoded(text) {
        return encoded;
    }
    if is_json(text) {
        return format!("JSON text that starts with {:?}", shown(text));
    }
    format!("text that starts with {:?}", shown(text))
}

const HTML: &str = "an HTML page (the address leads to a web page, not to an image)";

const HTML_ELEMENTS: &[&str] = &[
    "html", "head", "body", "title", "meta", "link", "script", "style", "div", "span", "p", "h1", "h2", "h3", "table", "center", "iframe",
    "a", "br", "hr", "b", "font", "form", "pre", "main", "nav", "section", "article", "header", "ul", "img",
];

/// Text with a known start; case does not matter.
const STARTS: &[(&str, &str)] = &[
    ("%PDF-", "a PDF document"),
    ("%!PS-AdobeFont", "a Type 1 font"),
    ("%!", "a PostScript document or EPS drawing"),
    ("version https://git-lfs", "a Git LFS pointer (the file itself was not fetched)"),
    ("http://", "a URL as text (download what it leads to first)"),
    ("https://", "a URL as text (download what it leads to first)"),
    ("-----BEGIN ", "PEM or PGP text"),
    ("#!", "a script"),
    ("solid ", "an STL 3-D model"),
    ("/* XPM */", "an XPM image"),
    ("#EXTM3U", "a playlist (M3U)"),
    ("WEBVTT", "subtitles (WebVTT)"),
];

/// How markup starts.
enum Markup<'a> {
    /// With a document type of HTML.
    Html,
    /// With an element of this name.
    Element(&'a str),
    /// With declarations and comments that go on beyond what is looked at.
    Declaration,
}

/// What markup starts with, behind declarations, processing instructions, comments and the document type.
fn markup(text: &str) -> Option<Markup<'_>> {
    let mut rest = text.trim_start();
    let mut is_markup = false;
    while let Some(inside) = rest.strip_prefix('<') {
        let end = if inside.starts_with("!--") {
            inside.find("-->").map(|at| at + 3)
        } else if inside.starts_with('?') {
            inside.find("?>").map(|at| at + 2)
        } else if starts_with(inside, "!doctype") {
            if starts_with(inside.get(8..)?.trim_start(), "html") {
                return Some(Markup::Html);
            }
            end_of_doctype(inside)
        } else {
            let name = inside.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
            let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
            return is_name.then_some(Markup::Element(name));
        };
        is_markup = true;
        let Some(end) = end else { break };
        rest = inside.get(end..)?.trim_start();
    }
    is_markup.then_some(Markup::Declaration)
}

/// Where a document type ends; it may declare entities within brackets.
fn end_of_doctype(text: &str) -> Option<usize> {
    let close = text.find('>')?;
    match text.find('[') {
        Some(open) if open < close => {
            let bracket = open + text.get(open..)?.find(']')?;
            Some(bracket + text.get(bracket..)?.find('>')? + 1)
        }
        _ => Some(close + 1),
    }
}

/// An element's name without its namespace prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_json(text: &str) -> bool {
    match text.chars().next() {
        Some('{') => text.get(1..).is_some_and(|rest| rest.trim_start().starts_with(['"', '}'])),
        Some('[') => text.get(1..).is_some_and(|rest| rest.trim_start().starts_with(['"', '{', '[', ']', '-']) || rest.contains(',')),
        _ => false,
    }
}

/// An image whose bytes were written as text: base64, hexadecimal digits or a Python literal.
fn encoded(text: &str) -> Option<String> {
    let quoted = text.strip_prefix("b'").or_else(|| text.strip_prefix("b\""));
    if quoted.is_some_and(|rest| rest.starts_with("\\x") || rest.starts_with("GIF8") || rest.starts_with("RIFF") || rest.starts_with("BM"))
    {
        return Some("the text of Python bytes (write the bytes themselves)".to_owned());
    }
    let text = quoted.unwrap_or(text).trim_start_matches(['"', '\'']);
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).take(128).collect();
    let end = |byte: &u8| matches!(byte, b'"' | b'\'');
    let letters = letters.split(end).next().unwrap_or_default();
    for (what, bytes) in [("hexadecimal", from_hexadecimal(letters)), ("base64", from_base64(letters))] {
        if let Some(format) = bytes.as_deref().and_then(image_format) {
            let article = if matches!(format, Format::Avif | Format::Heic | Format::Ico) { "an" } else { "a" };
            return Some(format!("the {what} text of {article} {format} image (decode it first)"));
        }
    }
    None
}

fn from_hexadecimal(letters: &[u8]) -> Option<Vec<u8>> {
    let letters = letters.strip_prefix(b"0x").unwrap_or(letters);
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    letters.as_chunks::<2>().0.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect()
}

/// Bytes of base64, ordinary or for URLs, up to the padding; none if another letter is there.
fn from_base64(letters: &[u8]) -> Option<Vec<u8>> {
    let value = |byte: u8| {
        Some(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        })
    };
    let letters = letters.split(|&byte| byte == b'=').next()?;
    let mut bytes = Vec::new();
    for four in letters.as_chunks::<4>().0 {
        let word = four.iter().try_fold(0u32, |word, &letter| Some(word << 6 | u32::from(value(letter)?)))?;
        bytes.extend_from_slice(word.to_be_bytes().get(1..)?);
    }
    Some(bytes)
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// The start of a text, for a message.
fn shown(text: &str) -> String {
    text.chars().take(24).collect::<String>().trim_end().to_owned()
}
