//! `# cog-kit: allow(CK103)`: a comment that silences a rule on its line, or on the line below when it stands alone.

use std::collections::BTreeMap;

use super::config::Config;
use super::model::Model;
use super::rule::{Draft, Entry, Findings};
use super::rules::RULES;
use super::source::{File, Files, Span};

const MARK: &str = "# cog-kit: allow(";

/// Comments that stand above each other are read as one block up to this many lines.
const MAX_BLOCK: usize = 20;

/// One name in one comment.
#[derive(Debug)]
struct Silence {
    name: String,
    place: Span,
    used: bool,
}

/// The comments of all files.
#[derive(Debug, Default)]
pub(super) struct Silences {
    all: Vec<Silence>,
    /// By file and line (from 0): the line that a comment stands on and the one that it speaks of.
    by_line: BTreeMap<(usize, usize), Vec<usize>>,
}

/// Finds the comments of all files that have comments.
pub(super) fn read(files: &Files, models: &[Model]) -> Silences {
    let mut found = Silences::default();
    for (number, file) in files.iter() {
        let module = models.iter().filter_map(|model| model.module.as_ref()).find(|module| module.file == number);
        let comments: Vec<usize> = match module {
            // In Python the mark may also stand in a string.
            Some(module) => module.tree.root().subtree().filter(|node| node.kind() == "comment").map(|node| node.range().start).collect(),
            None if has_comments(&file.name) => file.text.match_indices(MARK).map(|(at, _)| at).collect(),
            None => Vec::new(),
        };
        for start in comments {
            read_comment(number, file, start, &mut found);
        }
    }
    found
}

fn has_comments(name: &str) -> bool {
    [".yaml", ".yml", ".toml", ".txt"].iter().any(|ending| name.ends_with(ending))
}

fn read_comment(number: usize, file: &File, start: usize, found: &mut Silences) {
    let Some(rest) = file.text.get(start..).and_then(|text| text.strip_prefix(MARK)) else { return };
    let inside = rest.split(['\n', ')']).next().unwrap_or_default();
    let own_line = file.line_of(start);
    let alone = file.line(own_line).trim_start().starts_with('#');
    let is_comment = |line: &usize| file.line(*line).trim_start().starts_with('#');
    let below = (own_line + 1..file.line_count()).take(MAX_BLOCK).find(|line| !is_comment(line)).unwrap_or(own_line);
    let mut at = start + MARK.len();
    for part in inside.split(',') {
        let name = part.trim();
        let lead = part.len() - part.trim_start().len();
        let place = Span::new(number, at + lead..at + lead + name.len());
        for line in if alone && below != own_line { vec![own_line, below] } else { vec![own_line] } {
            found.by_line.entry((number, line)).or_default().push(found.all.len());
        }
        found.all.push(Silence { name: name.to_owned(), place, used: false });
        at += part.len() + 1;
    }
}

/// Whether a comment silences the finding; that comment then counts as used.
pub(super) fn covers(silences: &mut Silences, entry: &Entry, draft: &Draft, files: &Files) -> bool {
    let (number, Some(file)) = (draft.scope.file, files.get(draft.scope.file)) else { return false };
    let lines = (number, file.line_of(draft.scope.start))..=(number, file.line_of(draft.scope.end));
    let mut covered = false;
    for index in silences.by_line.range(lines).flat_map(|(_, indices)| indices) {
        if let Some(silence) = silences.all.get_mut(*index).filter(|silence| entry.is_called(&silence.name)) {
            silence.used = true;
            covered = true;
        }
    }
    covered
}

/// Reports the comments that silenced nothing, save for rules that do not hold anyway.
pub(super) fn unused(silences: &Silences, config: &Config) -> Findings {
    let mut found = Findings::default();
    for silence in silences.all.iter().filter(|silence| !silence.used) {
        match RULES.iter().find(|entry| entry.is_called(&silence.name)) {
            Some(entry) if config.level_of(entry).is_none() => {}
            Some(_) => {
                found.at(silence.place, format!("`{}` has nothing to silence here", silence.name), "remove the comment");
            }
            None => {
                let message = format!("no rule is called `{}`", silence.name);
                found.at(silence.place, message, "write a code that `cog-kit check --rules` lists");
            }
        }
    }
    found
}
