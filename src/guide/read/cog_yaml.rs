//! A model in Python: cog.yaml and the files that it names.

use std::path::Path;

use super::super::data::{Data, Node};
use super::super::error::GuideError;
use super::super::model::{Build, Requirement, Text};
use super::super::source::Span;
use super::{MAX_INCLUDES, Reading, display, read_text, requirements};

/// Looking for imports ends after this many files.
const MAX_FILES: usize = 400;
const MAX_FOLDERS: usize = 200;

const QUOTES: [char; 2] = ['"', '\''];
/// Options of `pip install` that have their value in the next word.
const VALUED_OPTIONS: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--trusted-host",
    "--prefix",
    "--timeout",
];
const OF_PIP: &[&str] = &["pip", "setuptools", "wheel"];

impl Reading {
    /// Reads cog.yaml, the predictor, the requirements and the README.
    pub(super) fn cog_yaml(&mut self, path: &Path) -> Result<(), GuideError> {
        let (file, config) = self.parse(path, "YAML")?;
        let folder = path.parent().unwrap_or(Path::new(""));
        self.model.name = config.get("image").and_then(|image| model_name(image, file));
        self.model.build = Some(build(&config, file));
        for package in config.at(&["build", "python_packages"]).map_or(&[][..], Node::items) {
            self.model.requirements.extend(package_of(package, file, self.files.text(file)));
        }
        for command in config.at(&["build", "run"]).map_or(&[][..], Node::items) {
            self.model.requirements.extend(command_of(command).into_iter().flat_map(|node| installed(node, file, self.files.text(file))));
        }
        if let Some(named) = config.at(&["build", "python_requirements"]).and_then(Node::as_str) {
            self.requirements(&folder.join(named), MAX_INCLUDES)?;
        }
        let no_predictor = |reason| GuideError::NoPredictor { path: display(path), reason };
        let named = ["run", "predict"].into_iter().find_map(|key| Some((key, config.get(key)?)));
        let (key, reference) = named.ok_or_else(|| no_predictor("found neither `run` nor `predict`".to_owned()))?;
        // As Cog, which reads no other files either.
        let parts = reference.as_str().and_then(|text| text.rsplit_once(':')).filter(|(file, _)| file.ends_with(".py"));
        let (code, name) = parts.ok_or_else(|| no_predictor(format!("`{key}` has to be of the form `{key}.py:{}`", class_of(key))))?;
        self.python(&folder.join(code), Some(name))?;
        self.readme(folder)?;
        self.model.imported = Some(imported_modules(folder));
        Ok(())
    }
}

/// What the class is usually called.
fn class_of(key: &str) -> &'static str {
    if key == "run" { "Runner" } else { "Predictor" }
}

/// `name` of `host/owner/name:tag`.
fn model_name(image: &Node, file: usize) -> Option<Text> {
    let text = image.as_str()?;
    let last = text.rsplit('/').next()?.split([':', '@']).next()?;
    Some(Text { text: last.to_owned(), span: Span::new(file, image.span.clone()) })
}

fn build(config: &Node, file: usize) -> Build {
    let entry = config.entries().iter().find(|entry| entry.key == "build");
    let runs = config.at(&["build", "run"]).map_or(&[][..], Node::items);
    let command = |node: &Node| command_of(node)?.as_str().map(str::to_owned);
    let environment = config.get("environment").map_or(&[][..], Node::items);
    Build {
        commands: runs.iter().filter_map(command).collect(),
        span: entry.map_or(Span::top(file), |entry| Span::new(file, entry.key_span.clone())),
        environment: environment.iter().filter_map(|node| Some(node.as_str()?.split('=').next()?.to_owned())).collect(),
    }
}

/// An entry of `python_packages`; quotes are not part of it.
fn package_of(package: &Node, file: usize, text: &str) -> Option<Requirement> {
    let Data::Text(content) = &package.data else { return None };
    let written = text.get(package.span.clone())?;
    let start = package.span.start + written.find(content.as_str())?;
    match requirements::read_line(content, file, start) {
        requirements::Line::Requirement(requirement) => Some(requirement),
        _ => None,
    }
}

/// An entry of `run`: the command itself, or an entry with mounts beside it.
fn command_of(entry: &Node) -> Option<&Node> {
    if entry.as_str().is_some() { Some(entry) } else { entry.get("command") }
}

/// What a command installs with pip; what pip itself is made of is not the model's business.
fn installed(command: &Node, file: usize, text: &str) -> Vec<Requirement> {
    let (Some(content), Some(written)) = (command.as_str(), text.get(command.span.clone())) else { return Vec::new() };
    let (mut found, mut from) = (Vec::new(), 0);
    let (mut pip, mut install) = (false, false);
    for line in content.lines() {
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            if matches!(word, "&&" | "||" | "|" | ";") {
                (pip, install) = (false, false);
            } else if !install {
                (pip, install) = (matches!(word, "pip" | "pip3"), pip && word == "install");
            } else if VALUED_OPTIONS.contains(&word) {
                words.next();
            } else if let Some(at) = written.get(from..).and_then(|rest| rest.find(word)) {
                // Quotes are the shell's, and a semicolon at the end closes the command.
                let start = from + at + (word.len() - word.trim_start_matches(QUOTES).len());
                from += at + word.len();
                install = !word.ends_with(';');
                let package = word.trim_end_matches(';').trim_matches(QUOTES);
                match requirements::read_line(package, file, command.span.start + start) {
                    requirements::Line::Requirement(found_here) if !OF_PIP.contains(&found_here.key.as_str()) => {
                        found.push(Requirement { in_command: true, ..found_here });
                    }
                    _ => {}
                }
            }
        }
        if !line.trim_end().ends_with('\\') {
            (pip, install) = (false, false);
        }
    }
    found
}

/// The first parts of everything that the folder's Python files import.
fn imported_modules(folder: &Path) -> Vec<String> {
    let (mut found, mut folders, mut files, mut visited) = (Vec::new(), vec![folder.to_owned()], 0, 0);
    while let Some(next) = folders.pop() {
        visited += 1;
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let hidden = name.to_string_lossy().starts_with(['.', '_']) && !name.to_string_lossy().ends_with(".py");
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !hidden && visited < MAX_FOLDERS {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "py") && files < MAX_FILES {
                files += 1;
                found.extend(read_text(&path).into_iter().flat_map(|text| text.lines().flat_map(imports_of_line).collect::<Vec<_>>()));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn imports_of_line(line: &str) -> Vec<String> {
    let line = line.trim_start();
    let modules = if let Some(rest) = line.strip_prefix("import ") {
        rest.split(',').collect()
    } else if let Some(rest) = line.strip_prefix("from ") {
        vec![rest]
    } else {
        Vec::new()
    };
    let first = |module: &str| module.trim_start().split(['.', ' ', ';', '#']).next().unwrap_or_default().to_owned();
    modules.into_iter().map(first).filter(|name| !name.is_empty()).collect()
}
