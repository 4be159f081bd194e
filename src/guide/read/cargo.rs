//! A model in Rust: what Cargo.toml says about it.

use std::path::Path;

use super::super::data::{Entry, Node};
use super::super::model::{Ecosystem, Pin, Requirement, Text};
use super::super::source::Span;
use super::Reading;

impl Reading {
    /// Reads the package's name, description and dependencies.
    pub(super) fn cargo(&mut self, path: &Path) {
        let Some((file, manifest)) = self.parse(path, "TOML") else { return };
        let text = |node: &Node| Some(Text { text: node.as_str()?.to_owned(), span: Span::new(file, node.span.clone()) });
        self.model.name = manifest.at(&["package", "name"]).and_then(text);
        self.model.summary = manifest.at(&["package", "description"]).and_then(text);
        let dependencies = manifest.get("dependencies").map_or(&[][..], Node::entries);
        self.model.requirements.extend(dependencies.iter().map(|entry| dependency(entry, file)));
    }
}

fn dependency(entry: &Entry, file: usize) -> Requirement {
    let text = |key: &str| entry.value.get(key).and_then(Node::as_str);
    let version = entry.value.as_str().or_else(|| text("version"));
    let pin = if text("git").is_some() {
        Pin::Git(text("rev").or_else(|| text("tag")).or_else(|| text("branch")).map(str::to_owned))
    } else if version == Some("*") {
        Pin::Loose("*".to_owned())
    } else {
        Pin::Exact // Cargo.lock holds it
    };
    Requirement {
        name: entry.key.clone(),
        key: entry.key.clone(),
        pin,
        version: String::new(),
        hashed: false,
        ecosystem: Ecosystem::Rust,
        in_command: false,
        marker: String::new(),
        span: Span::new(file, entry.key_span.start..entry.value.span.end.max(entry.key_span.end)),
        name_span: Span::new(file, entry.key_span.clone()),
    }
}
