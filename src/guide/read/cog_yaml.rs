//! A model in Python: cog.yaml and the files that it names.

use std::path::Path;

use super::super::contract::{Mode, Remark, RemarkKind};
use super::super::data::{Data, Node};
use super::super::model::{Build, Requirement, Text};
use super::super::source::Span;
use super::{MAX_INCLUDES, Reading, requirements, settings, version_of};

/// Looking for imports ends after this many files.
const MAX_FILES: usize = 4_000;
const MAX_FOLDERS: usize = 2_000;

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
    pub(super) fn cog_yaml(&mut self, path: &Path) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let Some((file, config)) = self.parse(path, "YAML") else {
            self.readme(folder);
            return;
        };
        self.model.remarks = settings::check(&config, file, self.files.text(file), folder);
        self.model.python_version = config.at(&["build", "python_version"]).and_then(|node| version_of(&self.written(file, node)));
        self.model.name = config.get("image").and_then(|image| model_name(image, file));
        self.model.build = Some(build(&config, file));
        for package in config.at(&["build", "python_packages"]).map_or(&[][..], Node::items) {
            self.model.requirements.extend(package_of(package, file, self.files.text(file)));
        }
        for command in config.at(&["build", "run"]).map_or(&[][..], Node::items) {
            self.model.requirements.extend(command_of(command).into_iter().flat_map(|node| installed(node, file, self.files.text(file))));
        }
        if let Some(named) = config.at(&["build", "python_requirements"]).and_then(Node::as_str) {
            // What is not there is refused above.
            let full = folder.join(named);
            if full.symlink_metadata().is_ok() && !full.is_dir() {
                self.requirements(&full, MAX_INCLUDES);
            }
        }
        self.readme(folder);
        let present = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MAX_FILES);
        self.model.present = present.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        self.model.imported = imported_modules(folder);
        let mut named = false;
        for (keys, mode) in [(&["run", "predict"][..], Mode::Run), (&["train"][..], Mode::Train)] {
            let Some((key, reference)) = keys.iter().find_map(|key| Some((*key, config.get(key).filter(|node| !settings::is_null(node))?)))
            else {
                continue;
            };
            named = true;
            self.reference(folder, file, key, reference, mode);
        }
        if !named {
            let place = config.entries().first().map_or(Span::top(file), |entry| Span::new(file, entry.key_span.clone()));
            let message = "cog.yaml names nothing to run: it has neither `run` nor `train`";
            self.model.remarks.push(Remark::new(RemarkKind::Target, place, message, "`run: \"run.py:Runner\"`"));
        }
    }

    /// The text of a scalar as it is written.
    fn written(&self, file: usize, node: &Node) -> String {
        node.as_str().map_or_else(|| self.files.text(file).get(node.span.clone()).unwrap_or_default().to_owned(), str::to_owned)
    }

    /// Reads the file that `run`, `predict` or `train` names.
    fn reference(&mut self, folder: &Path, file: usize, key: &str, reference: &Node, mode: Mode) {
        let place = Span::new(file, reference.span.clone());
        // What is no reference at all is refused with the other settings.
        let Some((code, name)) = reference.as_str().and_then(|text| text.split_once(".py:")).filter(|(_, name)| !name.contains(".py:"))
        else {
            return;
        };
        let code = format!("{code}.py");
        let outside = Path::new(&code).is_absolute() || Path::new(&code).components().any(|part| part == std::path::Component::ParentDir);
        let full = folder.join(&code);
        let problem = if outside {
            Some((
                format!("`{key}` names a file outside of the model's folder, which is not in the image"),
                "a path from the folder of cog.yaml",
            ))
        } else if full.symlink_metadata().is_err() {
            Some((format!("there is no file `{code}`"), "the path of the predictor's file, from the folder of cog.yaml"))
        } else {
            None
        };
        match problem {
            Some((message, instead)) => self.model.remarks.push(Remark::new(RemarkKind::Target, place, message, instead)),
            None => self.predictor(&full, folder, Some((name, place)), mode),
        }
    }
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
fn imported_modules(folder: &Path) -> Option<Vec<String>> {
    let (mut found, mut folders, mut files, mut visited) = (Vec::new(), vec![folder.to_owned()], 0, 0);
    while let Some(next) = folders.pop() {
        visited += 1;
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let hidden = name.to_string_lossy().starts_with(['.', '_']) && !name.to_string_lossy().ends_with(".py");
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !hidden {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "py") {
                files += 1;
                let bytes = super::read_bytes(&path).unwrap_or_default();
                found.extend(String::from_utf8_lossy(&bytes).lines().flat_map(imports_of_line));
            }
            // A search that has not seen everything says nothing about what is missing.
            if visited > MAX_FOLDERS || files > MAX_FILES {
                return None;
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
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
