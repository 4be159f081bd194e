//! From a path or an address to a [`Model`].
//!
//! Which file next? `cog_yaml` for a model in Python, `cargo` for one in Rust, `openapi` for a document; `yaml`, `toml` and `json` turn texts into data
//! with places.

mod cargo;
mod cog_yaml;
mod http;
mod json;
mod openapi;
mod platform;
mod predictor;
mod readme;
mod requirements;
mod settings;
pub(crate) mod toml;
mod weights;
mod yaml;

use std::io::Read;
use std::path::{Path, PathBuf};

use super::contract::Mode;
use super::data::Node;
use super::error::GuideError;
use super::model::{Fault, Model};
use super::source::{Files, Span};

/// No file that people write by hand is larger, in bytes.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// Requirement files that name each other are followed this far.
const MAX_INCLUDES: usize = 8;

/// A model and the texts that it was read from.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) files: Files,
    pub(crate) model: Model,
    /// What `train` names, read like a model of its own.
    pub(crate) training: Option<Model>,
}

/// Reads what a path or an address leads to.
pub(crate) fn read(target: &str) -> Result<Reading, GuideError> {
    let mut reading = Reading::default();
    if target.starts_with("http://") {
        let text = http::fetch(target)?;
        reading.document(target, &text);
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
pub(crate) fn read_document(document: &serde_json::Value) -> Reading {
    let mut reading = Reading::default();
    reading.document("<schema>", &document.to_string());
    reading
}

/// Why a file could not be read; it has its number all the same.
struct Unread {
    file: usize,
    message: String,
    instead: &'static str,
    /// From 0.
    line: usize,
}

impl Reading {
    fn folder(&mut self, folder: &Path) -> Result<(), GuideError> {
        // Whatever has the name counts: a folder, a pipe or a file without permission is a mistake in the model.
        let is_there = |name: &str| Some(folder.join(name)).filter(|path| path.symlink_metadata().is_ok());
        if let Some(path) = is_there("cog.yaml") {
            self.cog_yaml(&path);
            return Ok(());
        }
        if let Some(path) = is_there("Cargo.toml") {
            self.cargo(&path);
            self.readme(folder);
            match is_there(".cog/openapi_schema.json").or_else(|| is_there("openapi.json")) {
                Some(document) => self.json(&document),
                None => self.model.unseen = self.files.number(&display(&path)).map(Span::top),
            }
            return Ok(());
        }
        match is_there("predict.py").or_else(|| is_there("run.py")) {
            Some(path) => {
                self.predictor(&path, folder, None, Mode::Run);
                Ok(())
            }
            None => Err(not_a_model(folder)),
        }
    }

    fn single(&mut self, path: &Path) -> Result<(), GuideError> {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let is = |ending: &str| Path::new(&name).extension().is_some_and(|found| found == ending);
        if path.symlink_metadata().is_err() {
            return Err(not_a_model(path));
        }
        if is("py") {
            self.predictor(path, path.parent().unwrap_or(Path::new("")), None, Mode::Run);
        } else if is("yaml") || is("yml") {
            self.cog_yaml(path);
        } else if name == "cargo.toml" {
            self.cargo(path);
        } else if is("txt") {
            self.requirements(path, MAX_INCLUDES);
        } else if is("json") {
            self.json(path);
        } else {
            return Err(not_a_model(path));
        }
        Ok(())
    }

    fn json(&mut self, path: &Path) {
        if let Some(file) = self.load_or_say(path, None) {
            let text = self.files.text(file).to_owned();
            self.inputs_of_document(file, &text);
        }
    }

    /// A document without a file is shown with line breaks.
    fn document(&mut self, name: &str, text: &str) {
        let pretty = serde_json::from_str(text).map_or_else(|_| text.to_owned(), |value: serde_json::Value| format!("{value:#}"));
        let file = self.files.add(name.to_owned(), None, pretty.clone());
        self.inputs_of_document(file, &pretty);
    }

    fn inputs_of_document(&mut self, file: usize, text: &str) {
        match json::parse(text) {
            Ok(document) => match openapi::read_inputs(&document, file) {
                Some(inputs) => self.model.inputs = inputs,
                None => self.fault(
                    Span::top(file),
                    "this is not the OpenAPI document of a Cog model: it has no `components.schemas.Input.properties`",
                    "print the document with Cog, or with the predictor's own `schema` command",
                ),
            },
            Err((line, reason)) => self.malformed(file, line, "JSON", &reason),
        }
    }

    fn requirements(&mut self, path: &Path, includes: usize) {
        let Some(file) = self.load_or_say(path, None) else { return };
        let mut others = Vec::new();
        let mut start = 0;
        for line in self.files.text(file).split_inclusive('\n') {
            match requirements::read_line(line.trim_end_matches(['\n', '\r']), file, start) {
                requirements::Line::Requirement(requirement) => self.model.requirements.push(requirement),
                requirements::Line::Include(other) => others.push((other, Span::new(file, start..start + line.trim_end().len()))),
                requirements::Line::Other => {}
            }
            start += line.len();
        }
        for (other, place) in others {
            let full = path.parent().unwrap_or(Path::new("")).join(&other);
            if self.files.named(&display(&full)).is_some() || other.contains("://") {
                continue;
            }
            if full.symlink_metadata().is_err() {
                self.fault(place, format!("there is no file `{other}`"), "the path of a requirements file, from the folder of this one");
            } else if includes > 0 {
                self.requirements(&full, includes - 1);
            }
        }
    }

    /// Reads a text file, or says at `place` or in the file itself why it cannot.
    fn load_or_say(&mut self, path: &Path, place: Option<Span>) -> Option<usize> {
        match self.load(path) {
            Ok(file) => Some(file),
            Err(unread) => {
                let place = place.unwrap_or_else(|| self.line(unread.file, unread.line));
                self.fault(place, unread.message, unread.instead);
                None
            }
        }
    }

    /// Reads a text file and hands out its number.
    fn load(&mut self, path: &Path) -> Result<usize, Unread> {
        let name = display(path);
        let bytes = read_bytes(path).map_err(|(message, instead)| {
            let file = self.files.add(name.clone(), None, String::new());
            Unread { file, message: format!("`{name}` {message}"), instead, line: 0 }
        })?;
        if let Some(text) = utf16(&bytes) {
            let file = self.files.add(name, None, text);
            self.fault(
                Span::top(file),
                "the file is UTF-16, and Cog reads it as UTF-8",
                "save it as UTF-8; in PowerShell, `pip freeze | Out-File -Encoding utf8 requirements.txt`",
            );
            return Ok(file);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
                // Places would be three bytes off, so that file is not to be written.
                Some(text) => self.files.add(name, None, text.to_owned()),
                None => self.files.add(name, Some(path.to_owned()), text),
            }),
            Err(error) => {
                let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let line = valid.iter().filter(|byte| **byte == b'\n').count();
                let file = self.files.add(name, None, String::from_utf8_lossy(error.as_bytes()).into_owned());
                Err(Unread {
                    file,
                    message: "the file is not UTF-8: a byte here begins no character".to_owned(),
                    instead: "save the file as UTF-8",
                    line,
                })
            }
        }
    }

    /// Notes something that cannot be read.
    fn fault(&mut self, place: Span, message: impl Into<String>, instead: impl Into<String>) {
        self.model.faults.push(Fault { place, message: message.into(), instead: instead.into() });
    }

    /// Notes that a file is not in its format, in line `line` from 1.
    fn malformed(&mut self, file: usize, line: usize, format: &str, reason: &str) {
        let place = self.line(file, line.saturating_sub(1));
        self.fault(place, format!("this is not valid {format}: {reason}"), "correct the syntax here or just before");
    }

    /// A line of a file, from 0.
    fn line(&self, file: usize, line: usize) -> Span {
        let Some(found) = self.files.get(file) else { return Span::top(file) };
        let line = line.min(found.line_count().saturating_sub(1));
        let start = found.line_start(line);
        Span::new(file, start..start + found.line(line).len())
    }

    /// Reads a file of YAML or TOML, or says why it cannot.
    fn parse(&mut self, path: &Path, format: &'static str) -> Option<(usize, Node)> {
        let file = self.load_or_say(path, None)?;
        let text = self.files.text(file);
        let parsed = if format == "YAML" { yaml::parse(text) } else { toml::parse(text) };
        match parsed {
            Ok(node) => Some((file, node)),
            Err((line, reason)) => {
                self.malformed(file, line, format, &reason);
                None
            }
        }
    }
}

/// The bytes of a regular file that is not too large, or why there are none and what to do.
fn read_bytes(path: &Path) -> Result<Vec<u8>, (String, &'static str)> {
    let failed = |error: std::io::Error| (format!("could not be read: {error}"), "a file that can be read");
    // Opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(("is not a regular file".to_owned(), "a text file in its place"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err((format!("has more than {MAX_BYTES} bytes, the limit"), "a smaller file"));
    }
    Ok(bytes)
}

/// The text of a file in UTF-16 with its mark.
fn utf16(bytes: &[u8]) -> Option<String> {
    let units = |of: fn([u8; 2]) -> u16| bytes.chunks_exact(2).skip(1).map(|pair| of([pair[0], pair[1]])).collect::<Vec<u16>>();
    let units = match bytes.get(..2)? {
        [0xff, 0xfe] => units(u16::from_le_bytes),
        [0xfe, 0xff] => units(u16::from_be_bytes),
        _ => return None,
    };
    Some(String::from_utf16_lossy(&units))
}

/// The text of a file that has to be there and to be right, such as the configuration.
pub(crate) fn read_text(path: &Path) -> Result<String, GuideError> {
    let unreadable = |reason: String| GuideError::Malformed { path: display(path), format: "UTF-8", line: 1, reason };
    let bytes = read_bytes(path).map_err(|(reason, _)| unreadable(reason))?;
    String::from_utf8(bytes).map_err(|_| unreadable("found a byte that begins no character".to_owned()))
}

/// Major and minor version of `3.12` or `3.12.1`.
fn version_of(text: &str) -> Option<(u8, u8)> {
    let mut parts = text.trim().splitn(3, '.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn not_a_model(path: &Path) -> GuideError {
    GuideError::NotAModel { path: display(path) }
}

/// The path as people write it.
pub(crate) fn display(path: &Path) -> String {
    let shown: PathBuf = path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect();
    if shown.as_os_str().is_empty() { ".".to_owned() } else { shown.to_string_lossy().into_owned() }
}
