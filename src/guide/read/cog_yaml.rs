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
    let command = |node: &Node| node.as_str().or_else(|| node.get("command")?.as_str()).map(str::to_owned);
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
