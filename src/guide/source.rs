//! The texts that were read, and places in them.

use std::ops::Range;
use std::path::PathBuf;

use super::finding::Place;

/// Bytes `start..end` of file number `file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) const fn new(file: usize, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// The file's first byte: the place of what is missing from a whole file.
    pub(crate) const fn top(file: usize) -> Self {
        Self { file, start: 0, end: 0 }
    }
}

/// A text and the beginnings of its lines.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    /// Where it can be written back, for what came from the disk.
    pub(crate) path: Option<PathBuf>,
    pub(crate) text: String,
    lines: Vec<usize>,
}

impl File {
    fn new(name: String, path: Option<PathBuf>, text: String) -> Self {
        let lines = std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1)).collect();
        Self { name, path, text, lines }
    }

    /// The line's number from 0, the line that holds byte `at`.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The text of line `index` (from 0) without its end, empty when there is no such line.
    pub(crate) fn line(&self, index: usize) -> &str {
        let start = self.lines.get(index).copied().unwrap_or(self.text.len());
        let end = self.lines.get(index + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The byte where line `index` (from 0) begins.
    pub(crate) fn line_start(&self, index: usize) -> usize {
        self.lines.get(index).copied().unwrap_or(self.text.len())
    }

    /// The number of lines.
    pub(crate) fn line_count(&self) -> usize {
        self.lines.len()
    }

    fn column(&self, line: usize, at: usize) -> usize {
        self.text.get(self.line_start(line)..at).map_or(0, |before| before.chars().count()) + 1
    }
}

/// Every text of one check, by number.
#[derive(Debug, Default)]
pub(crate) struct Files(Vec<File>);

impl Files {
    /// Adds a text and hands out its number.
    pub(crate) fn add(&mut self, name: String, path: Option<PathBuf>, text: String) -> usize {
        self.0.push(File::new(name, path, text));
        self.0.len() - 1
    }

    /// Adds the texts of another check; numbers handed out by it lose their meaning.
    pub(crate) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn get(&self, file: usize) -> Option<&File> {
        self.0.get(file)
    }

    /// The file's text, empty when there is no such file.
    pub(crate) fn text(&self, file: usize) -> &str {
        self.get(file).map_or("", |file| file.text.as_str())
    }

    /// The number of the file with this name.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|file| file.name == name)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&File> {
        self.0.iter().find(|file| file.name == name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &File)> {
        self.0.iter().enumerate()
    }

    /// Turns bytes into lines and columns.
    pub(crate) fn place(&self, span: Span) -> Place {
        let Some(file) = self.get(span.file) else {
            return Place { file: String::new(), line: 1, column: 1, end_line: 1, end_column: 1, span: 0..0 };
        };
        let start = span.start.min(file.text.len());
        let end = span.end.clamp(start, file.text.len());
        let (line, end_line) = (file.line_of(start), file.line_of(end));
        Place {
            file: file.name.clone(),
            line: line + 1,
            column: file.column(line, start),
            end_line: end_line + 1,
            end_column: file.column(end_line, end),
            span: start..end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let mut files = Files::default();
        let file = files.add("a".into(), None, "é = 1\nb\n".into());
        let place = files.place(Span::new(file, 5..6));
        assert_eq!((place.line, place.column, place.end_column), (1, 5, 6));
        let place = files.place(Span::new(file, 7..8));
        assert_eq!((place.line, place.column), (2, 1));
    }

    #[test]
    fn a_span_outside_the_text_is_cut_to_it() {
        let mut files = Files::default();
        let file = files.add("a".into(), None, "ab".into());
        assert_eq!(files.place(Span::new(file, 5..9)).span, 2..2);
        assert_eq!(files.place(Span::new(7, 0..1)).line, 1);
    }
}
