//! From a path or an address to a [`Model`].
//!
//! Which file next? `cog_yaml` for a model in Python, `cargo` for one in Rust, `openapi` for a document; `yaml`, `toml` and `json` turn texts into data
//! with places.

mod cargo;
mod cog_yaml;
mod http;
mod json;
mod openapi;
mod readme;
mod requirements;
pub(crate) mod toml;
mod yaml;

use std::io::Read;
use std::path::{Path, PathBuf};

use super::data::Node;
use super::error::GuideError;
use super::model::Model;
use super::python::{Module, read_signature};
use super::source::Files;

/// No file that people write by hand is larger, in bytes.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// Requirement files that name each other are followed this far.
const MAX_INCLUDES: usize = 8;

/// A model and the texts that it was read from.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) files: Files,
    pub(crate) model: Model,
}

/// Reads what a path or an address leads to.
pub(crate) fn read(target: &str) -> Result<Reading, GuideError> {
    let mut reading = Reading::default();
    if target.starts_with("http://") {
        let text = http::fetch(target)?;
        reading.document(target, &text)?;
        return Ok(reading);
    }
    if target.contains("://") {
        return Err(GuideError::UnsupportedAddress { address: target.to_owned() });
    }
    let path = Path::new(target);
    if path.is_dir() {
        reading.folder(path)?
    } else {
        reading.single(path)?
    }
    Ok(reading)
}

/// Reads a document that is there already.
pub(crate) fn read_document(document: &serde_json::Value) -> Result<Reading, GuideError> {
    let mut reading = Reading::default();
    reading.document("<schema>", &document.to_string())?;
    Ok(reading)
}

impl Reading {
    fn folder(&mut self, folder: &Path) -> Result<(), GuideError> {
        let is_there = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        if let Some(path) = is_there("cog.yaml") {
            return self.cog_yaml(&path);
        }
        if let Some(path) = is_there("Cargo.toml") {
            self.cargo(&path)?;
            self.readme(folder)?;
            return match is_there(".cog/openapi_schema.json").or_else(|| is_there("openapi.json")) {
                Some(document) => self.single(&document),
                None => Ok(()),
            };
        }
        match is_there("predict.py").or_else(|| is_there("run.py")) {
            Some(path) => self.python(&path, None),
            None => Err(not_a_model(folder)),
        }
    }

    fn single(&mut self, path: &Path) -> Result<(), GuideError> {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let is = |ending: &str| Path::new(&name).extension().is_some_and(|found| found == ending);
        if !path.is_file() {
            return Err(not_a_model(path));
        }
        if is("py") {
            self.python(path, None)
        } else if is("yaml") || is("yml") {
            self.cog_yaml(path)
        } else if name == "cargo.toml" {
            self.cargo(path)
        } else if is("txt") {
            self.requirements(path, MAX_INCLUDES)
        } else if is("json") {
            let file = self.load(path)?;
            let text = self.files.text(file).to_owned();
            self.inputs_of_document(file, &display(path), &text)
        } else {
            Err(not_a_model(path))
        }
    }

    /// A document without a file is shown with line breaks.
    fn document(&mut self, name: &str, text: &str) -> Result<(), GuideError> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| GuideError::Malformed {
            path: name.to_owned(),
            format: "JSON",
            line: error.line(),
            reason: error.to_string(),
        })?;
        let pretty = format!("{value:#}");
        let file = self.files.add(name.to_owned(), None, pretty.clone());
        self.inputs_of_document(file, name, &pretty)
    }

    fn inputs_of_document(&mut self, file: usize, name: &str, text: &str) -> Result<(), GuideError> {
        let document = malformed(name, "JSON", json::parse(text))?;
        let inputs = openapi::read_inputs(&document, file);
        self.model.inputs = inputs.ok_or_else(|| GuideError::NotADocument { path: name.to_owned() })?;
        Ok(())
    }

    fn python(&mut self, path: &Path, wanted: Option<&str>) -> Result<(), GuideError> {
        let file = self.load(path)?;
        let parsed = Module::parse(file, self.files.text(file));
        let mut module = parsed.map_err(|slow| GuideError::TooSlow { path: display(path), seconds: slow.seconds })?;
        match read_signature(&module, wanted) {
            Ok((signature, inputs)) => {
                module.signature = Some(signature);
                self.model.inputs = inputs;
            }
            // With a mistake in the file, the mistake is what to report.
            Err(reason) if module.first_error().is_none() => return Err(GuideError::NoPredictor { path: display(path), reason }),
            Err(_) => {}
        }
        self.model.module = Some(module);
        Ok(())
    }

    fn requirements(&mut self, path: &Path, includes: usize) -> Result<(), GuideError> {
        let file = self.load(path)?;
        let mut others = Vec::new();
        let mut start = 0;
        for line in self.files.text(file).split_inclusive('\n') {
            match requirements::read_line(line.trim_end_matches(['\n', '\r']), file, start) {
                requirements::Line::Requirement(requirement) => self.model.requirements.push(requirement),
                requirements::Line::Include(other) => others.push(other),
                requirements::Line::Other => {}
            }
            start += line.len();
        }
        for other in others {
            let other = path.parent().unwrap_or(Path::new("")).join(other);
            if includes > 0 && other.is_file() && self.files.named(&display(&other)).is_none() {
                self.requirements(&other, includes - 1)?;
            }
        }
        Ok(())
    }

    /// Reads a text file and hands out its number.
    fn load(&mut self, path: &Path) -> Result<usize, GuideError> {
        let name = display(path);
        let text = read_text(path)?;
        match text.strip_prefix('\u{feff}') {
            // Places would be three bytes off, so that file is not to be written.
            Some(text) => Ok(self.files.add(name, None, text.to_owned())),
            None => Ok(self.files.add(name, Some(path.to_owned()), text)),
        }
    }

    fn parse(&mut self, path: &Path, format: &'static str) -> Result<(usize, Node), GuideError> {
        let file = self.load(path)?;
        let text = self.files.text(file);
        let parsed = if format == "YAML" { yaml::parse(text) } else { toml::parse(text) };
        Ok((file, malformed(&display(path), format, parsed)?))
    }
}

/// The text of a file that is not too large.
pub(crate) fn read_text(path: &Path) -> Result<String, GuideError> {
    let failed = |source| GuideError::Io { path: path.to_owned(), verb: "read", source };
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(GuideError::TooLarge { path: display(path), limit: MAX_BYTES });
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        GuideError::Malformed { path: display(path), format: "UTF-8", line, reason: "found a byte that begins no character".to_owned() }
    })
}

fn malformed(path: &str, format: &'static str, parsed: Result<Node, json::Fault>) -> Result<Node, GuideError> {
    parsed.map_err(|(line, reason)| GuideError::Malformed { path: path.to_owned(), format, line, reason })
}

fn not_a_model(path: &Path) -> GuideError {
    GuideError::NotAModel { path: display(path) }
}

/// The path as people write it.
pub(crate) fn display(path: &Path) -> String {
    let shown: PathBuf = path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect();
    if shown.as_os_str().is_empty() { ".".to_owned() } else { shown.to_string_lossy().into_owned() }
}
