//! Patterns of texts.

/// A pattern, ready to be run; it takes time in proportion to the text, whatever the text is.
#[derive(Debug)]
pub(super) struct Pattern(regex_lite::Regex);

impl Pattern {
    /// The pattern, unless it cannot be read; a derive has read it before.
    pub(super) fn new(text: &str) -> Option<Self> {
        regex_lite::Regex::new(text).ok().map(Self)
    }

    /// Whether the pattern is found anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
