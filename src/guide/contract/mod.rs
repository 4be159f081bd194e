//! What Cog's schema generator makes of a predictor: which it refuses, and what it drops or changes without a word.
//!
//! Which file next? `target` finds the function, `inputs` reads its parameters and `types` their annotations, `document` checks defaults against the
//! input that they belong to. The rules of chapter 8 and some of chapters 2 and 4 report what is noted here.

mod annotation;
mod decorators;
mod described;
mod document;
mod inputs;
mod models;
mod names;
mod pattern;
mod registry;
mod target;
mod types;
mod values;

use std::collections::HashMap;

pub(crate) use models::submodule;
pub(crate) use names::{Names, file_of};
use target::{Found, Missing, Target};
use types::Context;

use super::finding::Level;
use super::model::Model;
use super::python::Module;
use super::python::syntax::Node;
use super::rule::Findings;
use super::source::Span;

/// Whether predictions or trainings are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mode {
    #[default]
    Run,
    Train,
}

/// The predictor's file, and the files of the project that it imports from.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// The predictor's file first.
    pub(crate) modules: Vec<Module>,
    /// By path from the project's folder.
    pub(crate) files: HashMap<String, usize>,
}

impl Project {
    /// The number of a module of the project, by the name that it is imported by.
    pub(crate) fn index(&self, module: &str) -> Option<usize> {
        self.files.get(&file_of(module)?).copied()
    }
}

/// Something that the build will do, and that the author should know.
#[derive(Debug, Clone)]
pub(crate) struct Remark {
    pub(crate) kind: RemarkKind,
    pub(crate) place: Span,
    pub(crate) scope: Span,
    pub(crate) message: String,
    pub(crate) instead: String,
    /// Where it differs from the level of the rule that reports it.
    pub(crate) level: Option<Level>,
}

/// What a remark is about; one rule reports each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RemarkKind {
    /// A setting of cog.yaml that Cog refuses.
    Setting,
    UnknownSetting,
    Target,
    OtherDefinition,
    Deprecated,
    Unpublished,
    InputType,
    /// A parameter with a default and no type.
    Untyped,
    OutputType,
    MissingOutput,
    Decorator,
    Default,
    Limit,
    Choices,
    Lost,
    Text,
    Constraint,
    Pattern,
    Reserved,
    /// A default outside of limits or choices.
    Outside,
    WrongType,
}

impl Remark {
    pub(crate) fn new(kind: RemarkKind, place: Span, message: impl Into<String>, instead: impl Into<String>) -> Self {
        // Most findings of these rules are about the readers; these stop the build.
        let level = matches!(kind, RemarkKind::Constraint | RemarkKind::Reserved).then_some(Level::Error);
        Self { kind, place, scope: place, message: message.into(), instead: instead.into(), level }
    }
}

/// Reports the remarks of one kind; `why` the build fails or what is lost is the rule's page to say.
pub(crate) fn report(model: &Model, kind: RemarkKind, found: &mut Findings) {
    for remark in model.remarks.iter().filter(|remark| remark.kind == kind) {
        let draft = found.at(remark.place, remark.message.clone(), remark.instead.clone());
        draft.scope = remark.scope;
        draft.level = remark.level;
    }
}

/// What is known after a reading.
#[derive(Debug, Default)]
pub(crate) struct Contract {
    pub(crate) remarks: Vec<Remark>,
    /// The file and the node of the function that Cog runs, if it was found.
    pub(crate) main: Option<(usize, usize)>,
    /// The node of `setup`, if it is in the same file.
    pub(crate) setup: Option<usize>,
    /// Inputs whose default Cog does not read.
    pub(crate) lost_defaults: Vec<String>,
}

/// Reads the project as `cog build` does. `reference` is what cog.yaml names and where it does.
pub(crate) fn read(project: &Project, reference: Option<(&str, Span)>, mode: Mode, fallback: Option<(usize, Option<usize>)>) -> Contract {
    let mut contract = Contract::default();
    let found = match reference {
        Some((wanted, place)) => match target::find(project, wanted, mode) {
            Ok(target) => {
                note_target(project, &target, wanted, place, mode, &mut contract.remarks);
                Some((target.main, target.setup))
            }
            Err(missing) => {
                contract.remarks.push(missing_target(project, missing, wanted, place, mode));
                None
            }
        },
        None => None,
    };
    let found = found.or_else(|| {
        let module = project.modules.first()?;
        let (main, setup) = fallback?;
        let of = |id| Found { module: 0, function: module.tree.node(id) };
        Some((of(main), setup.map(of)))
    });
    let Some((main, setup)) = found else { return contract };
    contract.main = Some((main.module, main.function.id));
    contract.setup = setup.filter(|setup| setup.module == main.module).map(|setup| setup.function.id);
    if let Some(module) = project.modules.get(main.module) {
        contract.lost_defaults = signature(project, module, main.function, &mut contract.remarks);
    }
    contract
}

/// Reads parameters, result and decorators of the function.
fn signature(project: &Project, module: &Module, function: Node<'_>, remarks: &mut Vec<Remark>) -> Vec<String> {
    let names = Names::read(module.tree.root());
    let local = |name: &str| project.index(name).and_then(|index| project.modules.get(index));
    let models = models::Models::read(module, &names, &local);
    let context = Context { names: &names, models: &models };
    let scope = values::scope(module.tree.root());
    let around = if function.parent().kind() == "decorated_definition" { function.parent() } else { function };
    let is_static = around.all_children().any(|child| child.kind() == "decorator" && child.text().contains("staticmethod"));
    let in_class = around.parent().kind() == "block" && !is_static;
    let file = inputs::File { module, names: &names, scope: &scope, context };
    let lost = inputs::inputs(&file, function, in_class, remarks);
    let mut is_iterator = None;
    match (function.field("return_type"), function.field("name")) {
        (Some(written), _) => {
            let read = match annotation::annotation(written) {
                Some(read) => context.output(&read).map_err(|fault| (fault.reason, fault.instead)),
                None => Err(inputs::unreadable(written)),
            };
            match read {
                Ok(iterates) => is_iterator = Some(iterates),
                Err((reason, instead)) => {
                    let message = format!("Cog refuses the result type: {reason}");
                    remarks.push(Remark::new(RemarkKind::OutputType, module.span(written), message, instead));
                }
            }
        }
        (None, Some(name)) => {
            let message = format!("`{}` does not say what it returns, which Cog refuses", name.text());
            remarks.push(Remark::new(
                RemarkKind::MissingOutput,
                module.span(name),
                message,
                "`-> Path`, `-> str` or the type that it returns",
            ));
        }
        (None, None) => {}
    }
    decorators::decorators(module, &names, function, is_iterator, remarks);
    lost
}

fn note_target(project: &Project, target: &Target<'_>, wanted: &str, place: Span, mode: Mode, remarks: &mut Vec<Remark>) {
    let Some(module) = project.modules.get(target.main.module) else { return };
    let name = target.main.function.field("name").unwrap_or(target.main.function);
    let first = project.modules.first().unwrap_or(module);
    if let (Some(second), Some(_)) = (target.shadowed, target.class) {
        let place = first.span(second.field("name").unwrap_or(second));
        let message = format!("the file has two classes `{wanted}`: Cog reads the first, Python runs the last");
        remarks.push(Remark::new(RemarkKind::OtherDefinition, place, message, "one class of this name"));
    }
    if target.fallback {
        let message = format!("the file has no `{wanted}`: Cog reads `{}` instead, and Python looks for `{wanted}`", name.text());
        remarks.push(Remark::new(RemarkKind::OtherDefinition, place, message, format!("the name `{}`", name.text())));
    }
    if let Some(ignored) = target.ignored {
        let place = module.span(ignored.field("name").unwrap_or(ignored));
        let mut remark = Remark::new(RemarkKind::OtherDefinition, place, "Cog reads `run` and passes over `predict`", "`run` alone");
        remark.level = Some(Level::Hint);
        remarks.push(remark);
    }
    if mode == Mode::Run && target.class.is_some() && name.text() == "predict" {
        let message = "`predict` is the older name of the method; newer versions of Cog call it `run`";
        remarks.push(Remark::new(
            RemarkKind::Deprecated,
            module.span(name),
            message,
            "`def run(self, …)`, with `BaseRunner` and `run:` in cog.yaml",
        ));
    }
}

fn missing_target(project: &Project, missing: Missing<'_>, wanted: &str, place: Span, mode: Mode) -> Remark {
    let methods = if mode == Mode::Run { "`run`" } else { "`train` of its own" };
    let Some(module) = project.modules.first() else {
        return Remark::new(RemarkKind::Target, place, "the file could not be read", "the path of the file");
    };
    match missing {
        Missing::Method(class) => {
            let at = module.span(class.field("name").unwrap_or(class));
            let message = format!("Cog finds no method {methods} in class `{wanted}`");
            Remark::new(RemarkKind::Target, at, message, format!("a method {methods} in the class itself, outside of `if`"))
        }
        Missing::Name(Some(node)) => {
            let at = module.span(node.field("name").unwrap_or(node));
            let message = format!("Cog does not find `{wanted}`: it is not at the top level of the file");
            Remark::new(RemarkKind::Target, at, message, "the definition outside of any `if`, `try`, class or function")
        }
        Missing::Name(None) => {
            let what = if mode == Mode::Run { "class or function" } else { "training function or class" };
            let message = format!("the file defines no {what} `{wanted}`");
            Remark::new(RemarkKind::Target, place, message, "the name of a class or function that the file itself defines")
        }
    }
}
