//! Which function Cog runs: the class or function that cog.yaml names, found as Cog finds it.

use super::models::{classes, undecorated};
use super::names::Names;
use super::{Mode, Project};
use crate::guide::python::Module;
use crate::guide::python::syntax::Node;

/// Base classes are followed this far.
const MAX_CLASSES: usize = 64;

/// A function and the file that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'m> {
    pub(crate) module: usize,
    pub(crate) function: Node<'m>,
}

/// What was found under a reference.
#[derive(Debug)]
pub(crate) struct Target<'m> {
    pub(crate) main: Found<'m>,
    pub(crate) setup: Option<Found<'m>>,
    /// The class that was named, if it was a class.
    pub(crate) class: Option<Node<'m>>,
    /// A second class of the same name, which Python would take and Cog does not.
    pub(crate) shadowed: Option<Node<'m>>,
    /// `predict`, where `run` is there too and is read instead.
    pub(crate) ignored: Option<Node<'m>>,
    /// Whether the reference was not found and a function of the usual name was taken.
    pub(crate) fallback: bool,
}

/// Why nothing was found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Missing<'m> {
    /// No such class or function at the top level; what has the name elsewhere in the file.
    Name(Option<Node<'m>>),
    /// The class has no such method.
    Method(Node<'m>),
}

/// The methods of a class and its bases.
#[derive(Default)]
struct Methods<'m> {
    run: Option<Found<'m>>,
    predict: Option<Found<'m>>,
    setup: Option<Found<'m>>,
}

/// Finds what `wanted` names in the first module of a project.
pub(crate) fn find<'m>(project: &'m Project, wanted: &str, mode: Mode) -> Result<Target<'m>, Missing<'m>> {
    let Some(module) = project.modules.first() else { return Err(Missing::Name(None)) };
    let named = |node: &Node<'_>| node.field("name").is_some_and(|name| name.text() == wanted);
    let mut same = classes(module).filter(named);
    if let Some(class) = same.next() {
        let methods = methods(project, 0, class, &mut Vec::new());
        let main = match mode {
            Mode::Run => methods.run.or(methods.predict),
            Mode::Train => own_method(class, "train").map(|function| Found { module: 0, function }),
        };
        let main = main.ok_or(Missing::Method(class))?;
        let ignored = methods.predict.filter(|_| mode == Mode::Run && methods.run.is_some()).map(|found| found.function);
        return Ok(Target { main, setup: methods.setup, class: Some(class), shadowed: same.last(), ignored, fallback: false });
    }
    let usual = if mode == Mode::Run { "predict" } else { "train" };
    let functions = module.tree.root().children().map(undecorated).filter(|node| node.kind() == "function_definition");
    for function in functions {
        let name = function.field("name").map_or("", Node::text);
        if name == wanted || name == usual {
            let main = Found { module: 0, function };
            return Ok(Target { main, setup: None, class: None, shadowed: None, ignored: None, fallback: name != wanted });
        }
    }
    let is_definition = |node: &Node<'_>| matches!(node.kind(), "class_definition" | "function_definition") && named(node);
    Err(Missing::Name(module.tree.root().subtree().find(is_definition)))
}

fn own_method<'m>(class: Node<'m>, name: &str) -> Option<Node<'m>> {
    let methods = class.field("body")?.children().map(undecorated).filter(|node| node.kind() == "function_definition");
    methods.filter(|method| method.field("name").is_some_and(|found| found.text() == name)).last()
}

fn methods<'m>(project: &'m Project, module: usize, class: Node<'m>, seen: &mut Vec<(usize, usize)>) -> Methods<'m> {
    if seen.contains(&(module, class.id)) || seen.len() >= MAX_CLASSES {
        return Methods::default();
    }
    seen.push((module, class.id));
    let own = |name: &str| own_method(class, name).map(|function| Found { module, function });
    let mut found = Methods { run: own("run"), predict: own("predict"), setup: own("setup") };
    let Some(file) = project.modules.get(module) else { return found };
    let bases =
        class.field("superclasses").into_iter().flat_map(Node::children).filter(|base| matches!(base.kind(), "identifier" | "attribute"));
    for base in bases {
        let Some((module, class)) = base_class(project, module, file, base.text()) else { continue };
        let inherited = methods(project, module, class, seen);
        found.run = found.run.or(inherited.run);
        found.predict = found.predict.or(inherited.predict);
        found.setup = found.setup.or(inherited.setup);
    }
    found
}

fn base_class<'m>(project: &'m Project, module: usize, file: &'m Module, name: &str) -> Option<(usize, Node<'m>)> {
    let named = |file: &'m Module, name: &str| classes(file).find(|class| class.field("name").is_some_and(|found| found.text() == name));
    if let Some(class) = named(file, name) {
        return Some((module, class));
    }
    let names = Names::read(file.tree.root());
    let (origin, class) = match name.split_once('.') {
        Some((first, rest)) => (names.get(first)?, rest.to_owned()),
        None => names.get(name).map(|origin| (origin, origin.original.clone()))?,
    };
    let other = project.index(&origin.module)?;
    named(project.modules.get(other)?, &class).map(|class| (other, class))
}
