//! Reads a model, asks every rule, leaves out what is silenced.

use super::config::Config;
use super::error::GuideError;
use super::finding::{Edit, Finding, Level};
use super::model::Model;
use super::read::{self, Reading};
use super::rule::{Draft, Entry, Findings};
use super::rules::RULES;
use super::silence;
use super::source::{Files, Span};
use super::words;

/// What the rules found in one model, by place.
#[derive(Debug)]
pub struct Report {
    pub(super) findings: Vec<Finding>,
    pub(super) files: Files,
}

/// A rule, for lists and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleInfo {
    /// Such as `CK101`.
    pub code: &'static str,
    /// Such as `abbreviated-input`.
    pub name: &'static str,
    /// The level without configuration.
    pub level: Level,
    /// Why it matters, in a sentence.
    pub why: &'static str,
    /// The page in Markdown.
    pub page: &'static str,
}

/// Checks what a path or an `http://` address leads to, with the `cog-kit.toml` beside it or above it.
///
/// The path is a folder with cog.yaml or Cargo.toml, one of these files, a Python file, a requirements file (`.txt`) or an OpenAPI document (`.json`).
/// Nothing that is read is run.
///
/// # Errors
/// [`GuideError`] if there is no model to check; mistakes in a model, and files of it that cannot be read, are findings.
pub fn check(target: &str) -> Result<Report, GuideError> {
    check_with(target, &Config::find(target)?)
}

/// Checks with a configuration of one's own.
///
/// # Errors
/// As [`check`].
pub fn check_with(target: &str, config: &Config) -> Result<Report, GuideError> {
    Ok(judge(read::read(target)?, config))
}

/// Checks the OpenAPI document of a model; places are those of the document printed with line breaks.
pub fn check_document(document: &serde_json::Value, config: &Config) -> Report {
    judge(read::read_document(document), config)
}

/// The rule for silences, which only the end of a check can judge.
const UNUSED_SILENCE: &str = "CK001";

fn judge(reading: Reading, config: &Config) -> Report {
    let Reading { files, model, training } = reading;
    let models: Vec<Model> = std::iter::once(model).chain(training).collect();
    let mut silences = silence::read(&files, &models);
    let mut findings: Vec<Finding> = Vec::new();
    for entry in RULES {
        let Some(level) = config.level_of(entry) else { continue };
        let mut drafts: Vec<Draft> = Vec::new();
        for draft in models.iter().flat_map(|model| run(entry, model)) {
            // What predictions and trainings share is reported once.
            if !drafts.iter().any(|known| known.place == draft.place && known.message == draft.message) {
                drafts.push(draft);
            }
        }
        drafts.retain(|draft| !silence::covers(&mut silences, entry, draft, &files));
        for draft in &listed_once(drafts) {
            let level = draft.level.filter(|_| !config.sets_level_of(entry)).unwrap_or(level);
            findings.push(finding(entry, level, draft, &files));
        }
    }
    for entry in RULES.iter().filter(|entry| entry.code == UNUSED_SILENCE) {
        let Some(level) = config.level_of(entry) else { continue };
        findings.extend(silence::unused(&silences, config).0.iter().map(|draft| finding(entry, level, draft, &files)));
    }
    findings.sort_by(|a, b| (&a.place.file, a.place.span.start, a.code).cmp(&(&b.place.file, b.place.span.start, b.code)));
    Report { findings, files }
}

/// One finding for each file in place of those that have a subject.
fn listed_once(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    let mut lists: Vec<(usize, Vec<String>)> = Vec::new();
    for draft in drafts {
        let Some(subject) = draft.subject.clone() else {
            kept.push(draft);
            continue;
        };
        match lists.iter_mut().find(|(index, _)| kept.get(*index).is_some_and(|first| first.place.file == draft.place.file)) {
            Some((_, subjects)) => subjects.push(subject),
            None => {
                lists.push((kept.len(), vec![subject]));
                kept.push(draft);
            }
        }
    }
    for (index, subjects) in lists.iter().filter(|(_, subjects)| subjects.len() > 1) {
        if let Some(first) = kept.get_mut(*index) {
            first.message =
                format!("{} packages may be any version: {}", subjects.len(), words::listed(subjects.iter().map(String::as_str)));
            first.instead = "for each of them, `==` and the version that was tested".to_owned();
        }
    }
    kept
}

fn run(entry: &Entry, model: &Model) -> Vec<Draft> {
    let mut found = Findings::default();
    (entry.rule.check)(model, &mut found);
    found.0
}

fn finding(entry: &Entry, level: Level, draft: &Draft, files: &Files) -> Finding {
    let edit = |(span, text): &(Span, String)| {
        let place = files.place(*span);
        Edit { file: place.file, span: place.span, text: text.clone() }
    };
    Finding {
        code: entry.code,
        name: entry.name,
        level,
        message: draft.message.clone(),
        place: files.place(draft.place),
        why: entry.why(),
        instead: draft.instead.clone(),
        fix: draft.fix.as_ref().map(edit),
    }
}

impl Report {
    /// What was found, by file and place.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The report with the findings of one rule alone, by code or name.
    #[must_use]
    pub fn only(mut self, rule: &str) -> Self {
        self.findings.retain(|finding| finding.code == rule || finding.name == rule);
        self
    }

    /// The report without the findings that matter less than `least`.
    #[must_use]
    pub fn at_least(mut self, least: Level) -> Self {
        self.findings.retain(|finding| finding.level >= least);
        self
    }

    /// The report with the findings of the selected rules alone (of all, if none is selected), and without those of the ignored ones. A rule is named
    /// by its code, by the beginning of its code or by its name.
    #[must_use]
    pub fn select(mut self, selected: &[String], ignored: &[String]) -> Self {
        let named =
            |list: &[String], finding: &Finding| list.iter().any(|name| finding.name == name || finding.code.starts_with(name.as_str()));
        self.findings.retain(|finding| (selected.is_empty() || named(selected, finding)) && !named(ignored, finding));
        self
    }

    /// How often each rule was broken, most often first.
    pub fn statistics(&self) -> Vec<(&'static str, &'static str, usize)> {
        let mut counts: Vec<(&'static str, &'static str, usize)> = Vec::new();
        for finding in &self.findings {
            match counts.iter_mut().find(|(code, _, _)| *code == finding.code) {
                Some((_, _, count)) => *count += 1,
                None => counts.push((finding.code, finding.name, 1)),
            }
        }
        counts.sort_by(|a, b| (b.2, a.0).cmp(&(a.2, b.0)));
        counts
    }

    /// One report of several models.
    #[must_use]
    pub fn join(reports: Vec<Self>) -> Self {
        let (mut findings, mut files) = (Vec::new(), Files::default());
        for report in reports {
            findings.extend(report.findings);
            files.append(report.files);
        }
        Self { findings, files }
    }

    /// The number of findings of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Whether anything was found that matters at least this much.
    pub fn reaches(&self, level: Level) -> bool {
        self.findings.iter().any(|finding| finding.level >= level)
    }
}

/// All rules, by code.
pub fn rules() -> impl Iterator<Item = RuleInfo> {
    RULES.iter().map(|entry| RuleInfo { code: entry.code, name: entry.name, level: entry.rule.level, why: entry.why(), page: entry.page })
}

/// The page of the rule with this code or name.
///
/// # Errors
/// [`GuideError::UnknownRule`] if there is none.
pub fn explain(rule: &str) -> Result<&'static str, GuideError> {
    let found = RULES.iter().find(|entry| entry.is_called(rule));
    found.map(|entry| entry.page).ok_or_else(|| GuideError::UnknownRule { found: rule.to_owned() })
}
