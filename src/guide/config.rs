//! `cog-kit.toml`: which rules hold, and how much they matter.

use std::collections::HashMap;
use std::path::Path;

use super::data::{Data, Node};
use super::error::GuideError;
use super::finding::Level;
use super::read;
use super::rule::Entry;
use super::rules::RULES;

/// The name of the file.
const FILE: &str = "cog-kit.toml";

/// Which rules hold, and how much they matter. The default is every rule at its own level.
///
/// ```toml
/// level = "warning"            # the lowest level that makes `cog-kit check` fail
/// allow = ["CK104"]            # rules that do not hold here, by code or name
///
/// [levels]
/// missing-description = "error"
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The lowest level that makes a check fail, if the file says so.
    pub level: Option<Level>,
    /// Codes of rules that do not hold.
    allowed: Vec<&'static str>,
    levels: HashMap<&'static str, Level>,
}

impl Config {
    /// Reads the `cog-kit.toml` in the target's folder or the nearest folder above it; the default if there is none.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn find(target: &str) -> Result<Self, GuideError> {
        if target.contains("://") {
            return Ok(Self::default());
        }
        let path = Path::new(target);
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = folder.canonicalize().unwrap_or_default();
        let folders = std::iter::once(folder).chain(real.ancestors().skip(1));
        match folders.map(|folder| folder.join(FILE)).find(|file| file.is_file()) {
            Some(file) => Self::read(&file),
            None => Ok(Self::default()),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`GuideError::Config`] if it holds an unknown key, rule or level; [`GuideError::Malformed`] if it is not TOML.
    pub fn read(path: &Path) -> Result<Self, GuideError> {
        let text = read::read_text(path)?;
        let shown = read::display(path);
        let parsed = read::toml::parse(&text);
        let root = parsed.map_err(|(line, reason)| GuideError::Malformed { path: shown.clone(), format: "TOML", line, reason })?;
        let fault = |at: usize, reason: String| {
            let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
            GuideError::Config { path: shown.clone(), line, reason }
        };
        let mut config = Self::default();
        for entry in root.entries() {
            let value = &entry.value;
            match (entry.key.as_str(), &value.data) {
                ("level", _) => config.level = Some(level(value).map_err(|reason| fault(value.span.start, reason))?),
                ("allow", Data::List(items)) => {
                    for item in items {
                        let code = item.as_str().ok_or("found no text, expected the code of a rule".to_owned()).and_then(code);
                        config.allowed.push(code.map_err(|reason| fault(item.span.start, reason))?);
                    }
                }
                ("levels", Data::Map(entries)) => {
                    for entry in entries {
                        let code = code(&entry.key).map_err(|reason| fault(entry.key_span.start, reason))?;
                        let level = level(&entry.value).map_err(|reason| fault(entry.value.span.start, reason))?;
                        config.levels.insert(code, level);
                    }
                }
                (key, _) => {
                    let reason = format!("found `{key}`, expected `level = \"…\"`, `allow = […]` or a table `[levels]`");
                    return Err(fault(entry.key_span.start, reason));
                }
            }
        }
        Ok(config)
    }

    /// Whether the file says how much a rule matters.
    pub(super) fn sets_level_of(&self, entry: &Entry) -> bool {
        self.levels.contains_key(entry.code)
    }

    /// The level of a rule's findings; `None` when the rule does not hold.
    pub(super) fn level_of(&self, entry: &Entry) -> Option<Level> {
        let holds = !self.allowed.contains(&entry.code);
        holds.then(|| self.levels.get(entry.code).copied().unwrap_or(entry.rule.level))
    }
}

fn level(value: &Node) -> Result<Level, String> {
    value.as_str().and_then(Level::from_name).ok_or_else(|| "expected \"hint\", \"warning\" or \"error\"".to_owned())
}

fn code(name: &str) -> Result<&'static str, String> {
    let found = RULES.iter().find(|entry| entry.is_called(name));
    found.map(|entry| entry.code).ok_or_else(|| format!("no rule is called `{name}`; `cog-kit check --rules` lists them"))
}
