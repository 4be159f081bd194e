//! cog.yaml as Cog reads it: what it refuses, what it drops without a word, and what is deprecated.

use std::path::Path;

use serde_json::Value;

use super::super::contract::{Remark, RemarkKind};
use super::super::data::{Data, Entry, Node};
use super::super::source::Span;
use super::super::words::closest;
use super::platform;
use super::weights;

const TOP: &[&str] = &["build", "image", "model", "run", "predict", "train", "concurrency", "environment", "weights"];
const BUILD: &[&str] = &[
    "cuda",
    "cudnn",
    "gpu",
    "python_version",
    "python_packages",
    "pre_install",
    "python_requirements",
    "system_packages",
    "sdk_version",
    "run",
];
/// Keys of older versions and of other tools, and what is meant by them.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("python", "python_version"),
    ("requirements", "python_requirements"),
    ("pip", "python_requirements"),
    ("packages", "system_packages"),
    ("apt", "system_packages"),
    ("env", "environment"),
    ("predictor", "run"),
    ("trainer", "train"),
    ("name", "image"),
];

/// Names of environment variables that Cog and its hosts use themselves; a star stands for any end.
const RESERVED: &[&str] = &[
    "PATH",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "PYTHONUNBUFFERED",
    "R8_*",
    "REPLICATE_*",
    "LIBRARY_PATH",
    "CUDA_*",
    "NVIDIA_*",
    "NV_*",
    "PGET_*",
    "HF_ENDPOINT",
    "HF_HUB_ENABLE_HF_TRANSFER",
    "KUBERNETES_*",
];

/// One reading of a cog.yaml.
pub(super) struct Settings<'s> {
    file: usize,
    text: &'s str,
    folder: &'s Path,
    remarks: Vec<Remark>,
}

/// Checks a whole cog.yaml.
pub(super) fn check(root: &Node, file: usize, text: &str, folder: &Path) -> Vec<Remark> {
    let mut settings = Settings { file, text, folder, remarks: Vec::new() };
    settings.root(root);
    settings.remarks
}

/// Whether a value counts as not given.
pub(super) fn is_null(node: &Node) -> bool {
    matches!(node.data, Data::Scalar(Value::Null))
}

impl Settings<'_> {
    pub(super) fn note(&mut self, kind: RemarkKind, span: std::ops::Range<usize>, message: impl Into<String>, instead: impl Into<String>) {
        self.remarks.push(Remark::new(kind, Span::new(self.file, span), message, instead));
    }

    pub(super) fn refuse(&mut self, node: &Node, message: impl Into<String>, instead: impl Into<String>) {
        self.note(RemarkKind::Setting, node.span.clone(), message, instead);
    }

    fn root(&mut self, root: &Node) {
        match &root.data {
            Data::Map(entries) => {
                self.keys(entries, TOP, "cog.yaml");
            }
            Data::Scalar(Value::Null) => return,
            _ => return self.refuse(root, "cog.yaml is a map of settings, and this is none", "`build:` and `run:` with their values"),
        }
        self.references(root);
        for key in ["image", "model"] {
            self.string(root, key);
        }
        if let (Some(model), Some(_)) = (given(root, "model"), given(root, "image")) {
            self.refuse(model, "`model` and `image` are both given", "one of the two");
        }
        if let Some((node, text)) = given(root, "model").and_then(|node| Some((node, self.written(node)?))) {
            let name = text.rsplit('/').next().unwrap_or(&text);
            if name.contains([':', '@']) {
                self.refuse(node, "`model` has a tag or a digest", "the repository alone, such as `r8.im/owner/name`");
            }
        }
        self.build(root);
        self.environment(root);
        self.concurrency(root);
        weights::check(self, root);
    }

    /// Reports keys that Cog does not know.
    pub(super) fn keys(&mut self, entries: &[Entry], known: &[&str], of: &str) {
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let meant = OTHER_NAMES.iter().find(|(other, name)| *other == entry.key && known.contains(name)).map(|(_, name)| *name);
            let elsewhere =
                [("build", BUILD), ("cog.yaml", TOP)].into_iter().find(|(place, keys)| *place != of && keys.contains(&entry.key.as_str()));
            let instead = match (meant.or_else(|| closest(&entry.key, known)), elsewhere) {
                (_, Some(("build", _))) => format!("`{}` inside of `build`", entry.key),
                (_, Some(_)) => format!("`{}` at the top level", entry.key),
                (Some(name), None) => format!("`{name}`"),
                (None, None) => "remove it".to_owned(),
            };
            let message = format!("Cog drops the key `{}`: {of} has no such setting", entry.key);
            self.note(RemarkKind::UnknownSetting, entry.key_span.clone(), message, instead);
        }
    }

    /// The text of a scalar as it is written, which is what Cog takes for a string.
    pub(super) fn written(&self, node: &Node) -> Option<String> {
        match &node.data {
            Data::Text(text) => Some(text.clone()),
            Data::Scalar(Value::Null) | Data::List(_) | Data::Map(_) => None,
            Data::Scalar(_) => self.text.get(node.span.clone()).map(str::to_owned),
        }
    }

    /// Checks that a setting is a text, if it is given.
    fn string(&mut self, map: &Node, key: &str) {
        if let Some(node) = given(map, key)
            && matches!(node.data, Data::List(_) | Data::Map(_))
        {
            self.refuse(node, format!("`{key}` is not a text"), "one text");
        }
    }

    /// Checks that a setting is a list of texts, if it is given, and hands out its elements.
    fn strings<'n>(&mut self, map: &'n Node, key: &str) -> &'n [Node] {
        let Some(node) = given(map, key) else { return &[] };
        let Data::List(items) = &node.data else {
            self.refuse(node, format!("`{key}` is not a list"), "a list, with a line and a hyphen for each entry");
            return &[];
        };
        for item in items.iter().filter(|item| matches!(item.data, Data::List(_) | Data::Map(_))) {
            self.refuse(item, format!("an entry of `{key}` is not a text"), "one text for each entry");
        }
        items
    }

    /// `run`, `predict` and `train`.
    fn references(&mut self, root: &Node) {
        for key in ["run", "predict", "train"] {
            self.string(root, key);
            let Some(node) = given(root, key) else { continue };
            let Some(text) = self.written(node).filter(|text| !text.is_empty()) else { continue };
            if text.split(".py:").count() != 2 {
                let form = if key == "train" { "train.py:Trainer" } else { "run.py:Runner" };
                self.refuse(node, format!("`{key}` does not name a class in a file"), format!("`{key}: \"{form}\"`"));
            }
        }
        let entry = |key: &str| root.entries().iter().find(|entry| entry.key == key && !is_null(&entry.value));
        if let (Some(run), Some(predict)) = (entry("run"), entry("predict")) {
            let later = if predict.key_span.start > run.key_span.start { predict } else { run };
            self.note(
                RemarkKind::Setting,
                later.key_span.clone(),
                "`run` and `predict` are both given",
                "`run` alone; `predict` is its older name",
            );
        } else if let Some(predict) = entry("predict") {
            self.note(
                RemarkKind::Deprecated,
                predict.key_span.clone(),
                "`predict` is the older name of `run`",
                "`run:` with the same value, and a method `run` in the class",
            );
        }
    }

    fn build(&mut self, root: &Node) {
        let Some(build) = given(root, "build") else { return };
        let Data::Map(entries) = &build.data else {
            return self.refuse(build, "`build` is not a map of settings", "`python_version` and other settings, indented below `build:`");
        };
        self.keys(entries, BUILD, "build");
        for key in ["python_version", "python_requirements", "cuda", "cudnn", "sdk_version"] {
            self.string(build, key);
        }
        if let Some(gpu) = given(build, "gpu") {
            let is_bool =
                gpu.as_bool().is_some() || gpu.as_str().is_some_and(|text| ["y", "Y", "yes", "on", "n", "N", "no", "off"].contains(&text));
            if !is_bool {
                self.refuse(gpu, "`gpu` is neither true nor false", "`true` or `false`");
            }
        }
        let packages = self.strings(build, "python_packages");
        for (key, better) in [("pre_install", "`run`"), ("python_packages", "`python_requirements` with a file")] {
            let items = if key == "python_packages" { packages } else { self.strings(build, key) };
            if let Some(entry) = build.entries().iter().find(|entry| entry.key == key && !items.is_empty()) {
                self.note(RemarkKind::Deprecated, entry.key_span.clone(), format!("`{key}` is deprecated"), better);
            }
        }
        self.strings(build, "system_packages");
        self.commands(build);
        self.python_version(build);
        self.requirements(build, packages);
        platform::check(self, build);
    }

    /// `build.run`: texts, or maps with a command and mounts.
    fn commands(&mut self, build: &Node) {
        let Some(run) = given(build, "run") else { return };
        let Data::List(items) = &run.data else {
            return self.refuse(
                run,
                "`run` inside of `build` is not a list of commands",
                "a list, with a line and a hyphen for each command",
            );
        };
        for item in items {
            match &item.data {
                Data::Text(_) => {}
                Data::Map(_) => {
                    if given(item, "command").and_then(|command| self.written(command)).is_none_or(|command| command.is_empty()) {
                        self.refuse(item, "an entry of `run` has no `command`", "`command:` with the command");
                    }
                    for mount in given(item, "mounts").map_or(&[][..], Node::items) {
                        self.mount(mount);
                    }
                }
                _ => self.refuse(item, "a command is not a text", "the command in quotes"),
            }
        }
    }

    fn mount(&mut self, mount: &Node) {
        let text = |key: &str| given(mount, key).and_then(|node| self.written(node)).unwrap_or_default();
        if text("type") != "secret" {
            self.refuse(given(mount, "type").unwrap_or(mount), "the type of a mount is not `secret`", "`type: secret`");
        } else if text("id").is_empty() || text("target").is_empty() {
            self.refuse(mount, "a mount needs `id` and `target`", "both of them");
        }
    }

    fn python_version(&mut self, build: &Node) {
        let written = given(build, "python_version").and_then(|node| Some((node, self.written(node)?)));
        let Some((node, version)) = written.filter(|(_, version)| !version.is_empty()) else {
            if given(build, "python_version").is_none_or(|node| self.written(node).is_some()) {
                self.refuse(build, "`build` has no `python_version`", "`python_version: \"3.13\"`");
            }
            return;
        };
        match super::version_of(&version) {
            None => {
                self.refuse(node, format!("`{version}` is no version of Python"), "major and minor version in quotes, such as `\"3.13\"`")
            }
            Some(version) if version < (3, 10) => self.refuse(node, "Cog needs Python 3.10 or newer", "`\"3.13\"`"),
            Some(_) => {}
        }
    }

    fn requirements(&mut self, build: &Node, packages: &[Node]) {
        let Some(node) = given(build, "python_requirements") else { return };
        let Some(path) = self.written(node).filter(|path| !path.is_empty()) else { return };
        if !packages.is_empty() {
            self.refuse(node, "`python_packages` and `python_requirements` are both given", "one of the two");
        }
        let full = self.folder.join(&path);
        match std::fs::metadata(&full) {
            Ok(found) if found.is_file() => {}
            Ok(_) => self.refuse(node, format!("`{path}` is not a regular file"), "the path of a requirements file"),
            Err(_) => {
                self.refuse(node, format!("there is no file `{path}`"), "the path of a requirements file, from the folder of cog.yaml")
            }
        }
    }

    fn environment(&mut self, root: &Node) {
        let mut seen = Vec::new();
        for item in self.strings(root, "environment") {
            let Some(text) = self.written(item) else { continue };
            let name = text.split_once('=').map(|(name, _)| name.to_owned());
            let plain = |name: &String| {
                name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    && !name.is_empty()
                    && !name.starts_with(|c: char| c.is_ascii_digit())
            };
            let Some(name) = name.filter(plain) else {
                self.refuse(
                    item,
                    "an entry of `environment` is not of the form NAME=value",
                    "`NAME=value`; the name has letters, digits and underscores",
                );
                continue;
            };
            let reserved = |pattern: &&str| pattern.strip_suffix('*').map_or(**pattern == name, |start| name.starts_with(start));
            if RESERVED.iter().any(reserved) {
                self.refuse(
                    item,
                    format!("Cog sets the environment variable `{name}` itself and refuses it here"),
                    "another name, or `export` in a command of the model",
                );
            } else if seen.contains(&name) {
                self.refuse(item, format!("the environment variable `{name}` is set twice"), "one value");
            }
            seen.push(name);
        }
    }

    fn concurrency(&mut self, root: &Node) {
        let Some(concurrency) = given(root, "concurrency") else { return };
        let Data::Map(entries) = &concurrency.data else {
            return self.refuse(concurrency, "`concurrency` is not a map of settings", "`max:` with a number, indented below it");
        };
        self.keys(entries, &["max"], "concurrency");
        let Some(max) = given(concurrency, "max") else {
            return self.refuse(concurrency, "`concurrency` has no `max`", "`@concurrent(max=…)` on the method, and no `concurrency`");
        };
        match max.as_f64() {
            Some(number) if number.fract() == 0.0 && number >= 1.0 => {
                if number > 1.0 && self.version(root).is_some_and(|version| version < (3, 11)) {
                    self.refuse(max, "more than one prediction at a time needs Python 3.11", "`python_version: \"3.11\"` or newer");
                }
                self.note(
                    RemarkKind::Deprecated,
                    max.span.clone(),
                    "`concurrency.max` is deprecated",
                    "`@concurrent(max=…)` on the method",
                );
            }
            Some(number) if number.fract() == 0.0 => self.refuse(max, "`max` lets no prediction run", "a number of at least 1"),
            _ => self.refuse(max, "`max` is not a whole number", "a whole number of at least 1, without quotes"),
        }
    }

    fn version(&self, root: &Node) -> Option<(u8, u8)> {
        super::version_of(&self.written(root.at(&["build", "python_version"])?)?)
    }
}

/// The value of a key, unless it is null.
pub(super) fn given<'n>(map: &'n Node, key: &str) -> Option<&'n Node> {
    map.get(key).filter(|node| !is_null(node))
}
