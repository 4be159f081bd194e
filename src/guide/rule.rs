//! What a rule is, and where it leaves its findings.

use super::finding::Level;
use super::model::{Input, Model};
use super::source::Span;

/// One rule of the guide. Its file's name is its code and its name, its doc comment is its page.
pub(crate) struct Rule {
    pub(crate) level: Level,
    /// Reads the model and reports; never fails.
    pub(crate) check: fn(&Model, &mut Findings),
}

/// A rule with what its file says about it.
pub(crate) struct Entry {
    /// Such as `CK101`: the first digit is the chapter.
    pub(crate) code: &'static str,
    /// Describes the bad pattern, so that it reads after "allow".
    pub(crate) name: &'static str,
    /// The doc comment.
    pub(crate) page: &'static str,
    pub(crate) rule: Rule,
}

impl Entry {
    /// Whether the rule has this code or name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.code == name || self.name == name
    }

    /// The page's sentence on why it matters.
    pub(crate) fn why(&self) -> &'static str {
        self.page.split_once("## Why is this bad?\n").and_then(|(_, rest)| rest.lines().next()).unwrap_or_default()
    }
}

/// A finding before its bytes are turned into lines.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) place: Span,
    /// What a silencing comment may stand beside: the whole parameter, call or line.
    pub(crate) scope: Span,
    pub(crate) message: String,
    pub(crate) instead: String,
    pub(crate) fix: Option<(Span, String)>,
    /// What the finding is about, where several of one file become one finding with a list.
    pub(crate) subject: Option<String>,
    /// Where one finding matters more or less than the rule's others.
    pub(crate) level: Option<Level>,
}

/// Where one rule leaves what it finds.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Draft>);

impl Findings {
    /// Reports at a place of its own.
    pub(crate) fn at(&mut self, place: Span, message: impl Into<String>, instead: impl Into<String>) -> &mut Draft {
        self.0.push(Draft { place, scope: place, message: message.into(), instead: instead.into(), fix: None, subject: None, level: None });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// Reports at an input's name.
    pub(crate) fn input(&mut self, input: &Input, message: impl Into<String>, instead: impl Into<String>) {
        self.input_at(input, input.place, message, instead);
    }

    /// Reports at a place inside an input.
    pub(crate) fn input_at(&mut self, input: &Input, place: Span, message: impl Into<String>, instead: impl Into<String>) {
        self.at(place, message, instead).scope = input.scope;
    }
}

impl Draft {
    /// Adds a change that is safe to make unasked.
    pub(crate) fn fixed_by(&mut self, span: Span, text: impl Into<String>) {
        self.fix = Some((span, text.into()));
    }
}
