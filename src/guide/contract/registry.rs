//! `Input(…)` written elsewhere in the file: `Shared.size`, and `Shared.make(default=3)`.

use std::collections::HashMap;

use super::inputs::{File, is_input};
use super::models::{classes, undecorated};
use crate::guide::python::syntax::Node;

/// The call that a default stands for, and the arguments given at the place.
pub(crate) fn reference<'m>(file: &File<'m>, value: Node<'m>) -> Option<(Node<'m>, HashMap<String, Node<'m>>)> {
    match value.kind() {
        "attribute" => attribute(file, value.text()).map(|call| (call, HashMap::new())),
        "call" => {
            let function = value.field("function").filter(|function| function.kind() == "attribute")?;
            let (class, name) = function.text().split_once('.')?;
            let method = class_body(file, class)?.children().map(undecorated).filter(|node| node.kind() == "function_definition");
            let method = method.filter(|method| method.field("name").is_some_and(|found| found.text() == name)).last()?;
            let returned = method.field("body")?.children().find_map(|statement| {
                let value = (statement.kind() == "return_statement").then(|| statement.named_children().next()).flatten();
                value.filter(|value| is_input(*value, file.names))
            })?;
            Some((returned, arguments(method, value)))
        }
        _ => None,
    }
}

fn class_body<'m>(file: &File<'m>, class: &str) -> Option<Node<'m>> {
    classes(file.module).filter(|node| node.field("name").is_some_and(|name| name.text() == class)).last()?.field("body")
}

fn attribute<'m>(file: &File<'m>, path: &str) -> Option<Node<'m>> {
    let (class, name) = path.split_once('.')?;
    let statements =
        class_body(file, class)?.children().filter(|child| child.kind() == "expression_statement").flat_map(Node::named_children);
    let assignments = statements.filter(|node| node.kind() == "assignment" && node.field("left").is_some_and(|left| left.text() == name));
    assignments.filter_map(|node| node.field("right")).filter(|value| is_input(*value, file.names)).last()
}

/// The arguments of a call by the names of the method's parameters.
fn arguments<'m>(method: Node<'m>, call: Node<'m>) -> HashMap<String, Node<'m>> {
    let parameters = method.field("parameters").into_iter().flat_map(Node::children);
    let names = parameters.filter_map(|node| match node.kind() {
        "identifier" => Some(node.text()),
        "typed_parameter" => node.named_children().find(|child| child.kind() == "identifier").map(Node::text),
        "typed_default_parameter" | "default_parameter" => node.field("name").map(Node::text),
        _ => None,
    });
    let mut names = names.filter(|name| !matches!(*name, "self" | "cls"));
    let mut found = HashMap::new();
    for argument in call.field("arguments").into_iter().flat_map(Node::children) {
        match (argument.field("name"), argument.field("value")) {
            (Some(name), Some(value)) => found.insert(name.text().to_owned(), value),
            _ => names.next().and_then(|name| found.insert(name.to_owned(), argument)),
        };
    }
    found
}
