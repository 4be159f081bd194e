//! Python requirements: lines of a file, or entries of `python_packages`.

use super::super::model::{Ecosystem, Pin, Requirement};
use super::super::source::Span;

/// One line of a requirements file.
pub(crate) enum Line {
    Requirement(Requirement),
    /// `-r other.txt`.
    Include(String),
    /// A comment, an option, a local file.
    Other,
}

/// Reads one line that begins at byte `start` of file `file`.
pub(crate) fn read_line(line: &str, file: usize, start: usize) -> Line {
    let uncommented = without_comment(line);
    let hashed = uncommented.trim_end().ends_with('\\') || uncommented.contains("--hash");
    let content = uncommented.trim_end_matches('\\');
    let lead = content.len() - content.trim_start().len();
    let content = content.trim();
    for option in ["-r", "--requirement"] {
        if let Some(rest) = content.strip_prefix(option).filter(|rest| rest.starts_with([' ', '=', '\t'])) {
            return Line::Include(rest.trim_matches([' ', '=', '\t']).to_owned());
        }
    }
    let editable = content.strip_prefix("-e ").or_else(|| content.strip_prefix("--editable "));
    let content_start = start + lead;
    let span = Span::new(file, content_start..content_start + content.len());
    let found = match editable {
        Some(rest) => requirement(rest.trim(), span, content_start + (content.len() - rest.trim_start().len())),
        None => requirement(content, span, content_start),
    };
    found.map_or(Line::Other, |found| Line::Requirement(Requirement { hashed, ..found }))
}

/// Cuts a `#` that stands at the beginning or after white space.
fn without_comment(line: &str) -> &str {
    let cut = line
        .char_indices()
        .find(|(at, c)| *c == '#' && line.get(..*at).is_none_or(|before| before.is_empty() || before.ends_with([' ', '\t'])));
    cut.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

fn requirement(content: &str, span: Span, start: usize) -> Option<Requirement> {
    if content.is_empty() || content.starts_with(['-', '.', '/']) {
        return None;
    }
    let of = |name: &str, at: usize, pin: Pin, marker: &str| Requirement {
        name: name.to_owned(),
        key: name.to_ascii_lowercase().replace(['_', '.'], "-"),
        pin,
        version: String::new(),
        hashed: false,
        ecosystem: Ecosystem::Python,
        in_command: false,
        marker: marker.trim().to_owned(),
        span,
        name_span: Span::new(span.file, at..at + name.len()),
    };
    if is_git(content) {
        let name = git_name(content);
        let at = content.find(name).unwrap_or(0);
        return Some(of(name, start + at, Pin::Git(git_reference(content)), ""));
    }
    if content.contains("://") && !content.contains(" @ ") {
        return None; // a wheel by its address is one file
    }
    let end = content.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(content.len());
    let (name, rest) = content.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    let rest = rest.trim_start();
    let rest = if rest.starts_with('[') { rest.split_once(']').map_or("", |(_, rest)| rest) } else { rest };
    let (wanted, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let wanted = wanted.split(" --").next().unwrap_or(wanted).trim();
    let is_version = wanted.is_empty() || wanted.starts_with(['=', '<', '>', '~', '!', '@', '(']);
    let version = wanted.strip_prefix("==").map_or(String::new(), |version| version.trim().to_owned());
    is_version.then(|| Requirement { version, ..of(name, start, pin(wanted.trim_matches(['(', ')'])), marker) })
}

fn pin(wanted: &str) -> Pin {
    match wanted.strip_prefix('@').map(str::trim) {
        Some(address) if is_git(address) => Pin::Git(git_reference(address)),
        Some(_) => Pin::Exact,
        None if wanted.starts_with("==") && !wanted.contains(['*', ',']) => Pin::Exact,
        None => Pin::Loose(wanted.to_owned()),
    }
}

fn is_git(address: &str) -> bool {
    address.starts_with("git+") || address.starts_with("git://")
}

/// `name` of `git+https://host/owner/name.git@reference#egg=…`.
fn git_name(address: &str) -> &str {
    if let Some((_, egg)) = address.split_once("#egg=") {
        return egg.split('&').next().unwrap_or(egg);
    }
    let path = address.split('#').next().unwrap_or(address);
    let last = path.rsplit_once('/').map_or(path, |(_, last)| last);
    let last = last.split('@').next().unwrap_or(last);
    last.strip_suffix(".git").unwrap_or(last)
}

/// What stands after the last `@` of the path.
fn git_reference(address: &str) -> Option<String> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.split(['#', ' ', ';']).next().unwrap_or(path);
    let path = path.split_once('/').map(|(_, path)| path)?;
    path.rsplit_once('@').map(|(_, reference)| reference.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_names_and_pins() {
        for (line, expected) in [
            ("torch==2.1.0", Some(("torch", Pin::Exact))),
            ("  Pillow>=9 # note", Some(("pillow", Pin::Loose(">=9".into())))),
            ("numpy", Some(("numpy", Pin::Loose(String::new())))),
            ("a_b[x,y]==1 ; python_version < '3.11'", Some(("a-b", Pin::Exact))),
            ("torch==2.*", Some(("torch", Pin::Loose("==2.*".into())))),
            ("x==1 \\", Some(("x", Pin::Exact))),
            ("x==1 --hash=sha256:0", Some(("x", Pin::Exact))),
            ("git+https://host.io/a/diff.git@abc123#egg=diffusers", Some(("diffusers", Pin::Git(Some("abc123".into()))))),
            ("-e git+ssh://git@host.io/a/clip.git", Some(("clip", Pin::Git(None)))),
            ("clip @ git+https://host.io/a/clip@main", Some(("clip", Pin::Git(Some("main".into()))))),
            ("x @ https://host.io/x.whl", Some(("x", Pin::Exact))),
            ("https://host.io/x.whl", None),
            ("--index-url https://host.io", None),
            ("./local", None),
            ("# only words", None),
            ("what is this", None),
        ] {
            let found = match read_line(line, 0, 0) {
                Line::Requirement(found) => Some((found.key, found.pin)),
                _ => None,
            };
            assert_eq!(found, expected.map(|(name, pin)| (name.to_owned(), pin)), "{line}");
        }
    }

    #[test]
    fn the_name_is_found_where_it_stands() {
        for (line, name) in [("  opencv-python==4", "opencv-python"), ("-e git+https://h.io/a/b@c", "b"), ("é", "")] {
            if let Line::Requirement(found) = read_line(line, 0, 0) {
                assert_eq!(line.get(found.name_span.start..found.name_span.end), Some(name));
            }
        }
    }
}
