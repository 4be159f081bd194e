//! The predictor's file, the files that it imports, and what Cog makes of them.

use std::collections::HashSet;
use std::path::Path;

use super::super::contract::{self, Mode, Names, Project, Remark, RemarkKind, file_of, submodule};
use super::super::model::{Default, Model};
use super::super::python::grammar::{LATEST, first_mistake};
use super::super::python::{Module, find_predictor, read_signature};
use super::super::source::Span;
use super::Reading;

/// Local modules are followed up to this number.
const MAX_MODULES: usize = 64;

impl Reading {
    /// Reads the file of a predictor or of a training. `reference` is the name in cog.yaml and its place; without one, whatever looks like a predictor.
    pub(super) fn predictor(&mut self, path: &Path, folder: &Path, reference: Option<(&str, Span)>, mode: Mode) {
        let Some(mut project) = self.project(path, folder) else { return };
        let broken = self.mistakes(&project);
        let Some(main) = project.modules.first() else { return };
        let fallback = find_predictor(main, reference.map(|(name, _)| name).filter(|name| !name.is_empty()));
        let mut contract = contract::read(&project, reference, mode, fallback.as_ref().ok().copied());
        if broken {
            // With a mistake in the file, the mistake is what to report.
            contract.remarks.clear();
        } else if let (None, Err(reason)) = (reference, &fallback) {
            let place = Span::top(main.file);
            contract.remarks.push(Remark::new(
                RemarkKind::Target,
                place,
                reason.clone(),
                "a class with a method `run`, or the folder with cog.yaml",
            ));
        }
        let index = contract.main.map_or(0, |(module, _)| module);
        let mut module = project.modules.swap_remove(index);
        let mut inputs = Vec::new();
        if let Some((_, function)) = contract.main {
            let (signature, read) = read_signature(&module, function, contract.setup);
            inputs = read;
            for input in inputs.iter_mut().filter(|input| contract.lost_defaults.contains(&input.name)) {
                input.default = Default::Unreadable;
            }
            module.signature = Some(signature);
            module.find_live();
        }
        let model = match mode {
            Mode::Run => &mut self.model,
            Mode::Train => self.training.insert(Model { is_training: true, ..Model::default() }),
        };
        model.inputs = inputs;
        model.module = Some(module);
        model.remarks.extend(contract.remarks);
    }

    /// Parses the file and the local modules that it imports.
    fn project(&mut self, path: &Path, folder: &Path) -> Option<Project> {
        let main = self.module(path, true)?;
        let mut project = Project::default();
        let relative = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
        project.files.insert(relative, 0);
        project.modules.push(main);
        let mut tried = HashSet::new();
        let mut next = 0;
        while let Some(module) = project.modules.get(next).filter(|_| project.modules.len() < MAX_MODULES) {
            let names = Names::read(module.tree.root());
            let modules = names.iter().flat_map(|(_, origin)| [Some(origin.module.clone()), submodule(origin)]).flatten();
            let files: Vec<String> = modules.filter_map(|name| file_of(&name)).collect();
            for file in files {
                if project.files.contains_key(&file) || !tried.insert(file.clone()) || project.modules.len() >= MAX_MODULES {
                    continue;
                }
                if let Some(module) = self.module(&folder.join(&file), false) {
                    project.files.insert(file, project.modules.len());
                    project.modules.push(module);
                }
            }
            next += 1;
        }
        Some(project)
    }

    /// Parses one file. An imported one that is not there belongs to a package.
    fn module(&mut self, path: &Path, is_main: bool) -> Option<Module> {
        let known = self.files.number(&super::display(path));
        let file = match known {
            Some(file) => file,
            None if !is_main && !path.is_file() => return None,
            None => self.load_or_say(path, None)?,
        };
        match Module::parse(file, self.files.text(file)) {
            Ok(module) => Some(module),
            Err(slow) => {
                self.fault(Span::top(file), format!("the file could not be parsed within {} s", slow.seconds), "a shorter file");
                None
            }
        }
    }

    /// Notes the first mistake of each file; whether the first file has one that leaves its structure in doubt comes out.
    fn mistakes(&mut self, project: &Project) -> bool {
        let version = self.model.python_version.filter(|version| *version >= (3, 8)).unwrap_or(LATEST);
        let mut broken = false;
        for (index, module) in project.modules.iter().enumerate() {
            let Some(mistake) = first_mistake(self.files.text(module.file), version, module.tree.is_cut) else {
                if module.tree.is_cut
                    && let Some(node) = module.first_error()
                {
                    self.fault(module.span(node), "this is not valid Python", "correct the syntax here or just before");
                }
                continue;
            };
            let line = self.files.get(module.file).map_or(0, |file| file.line_of(mistake.range.start));
            let line = self.line(module.file, line);
            let place =
                Span { start: mistake.range.start.clamp(line.start, line.end), end: mistake.range.end.clamp(line.start, line.end), ..line };
            let what: String = mistake.what.chars().take(200).collect();
            self.fault(
                place,
                format!("this is not valid Python {}.{}: {what}", version.0, version.1),
                "correct the syntax here or just before",
            );
            broken |= index == 0 && module.first_error().is_some();
        }
        broken
    }
}
