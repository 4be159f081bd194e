//! `@streaming` and `@concurrent`.

use super::names::Names;
use super::values::{Value, literal};
use super::{Remark, RemarkKind};
use crate::guide::python::Module;
use crate::guide::python::syntax::Node;

/// Checks the decorators of the function that Cog runs.
pub(crate) fn decorators(module: &Module, names: &Names, function: Node<'_>, is_iterator: Option<bool>, remarks: &mut Vec<Remark>) {
    let around = Some(function.parent()).filter(|around| around.kind() == "decorated_definition");
    let mut concurrency_known = false;
    for decorator in around.into_iter().flat_map(Node::children).filter(|child| child.kind() == "decorator") {
        let Some(expression) = decorator.named_children().next() else { continue };
        let called = if expression.kind() == "call" { expression.field("function").unwrap_or(expression) } else { expression };
        let name = called.text();
        let mut remark = |kind, message: String, instead: &str| {
            remarks.push(Remark::new(kind, module.span(decorator), message, instead));
        };
        if names.is(name, &["cog"], "streaming") {
            if is_iterator == Some(false) {
                let message = format!("`@{name}` needs a result that is yielded piece by piece");
                remark(RemarkKind::Decorator, message, "`-> Iterator[…]` or `-> ConcatenateIterator[str]`, or no `@streaming`");
            }
        } else if names.is(name, &["cog"], "concurrent") {
            if !concurrency_known && let Some((message, instead)) = concurrency(expression, function) {
                remark(RemarkKind::Decorator, message, instead);
            }
            concurrency_known = true;
        } else if matches!(name, "streaming" | "concurrent") && names.get(name).is_none() && !defines(module, name) {
            let message = format!("Cog does not recognise `@{name}`: no import at the top level of this file brings it from cog");
            remark(RemarkKind::Lost, message, &format!("`from cog import {name}`, outside of `if` and `try`"));
        }
    }
}

fn defines(module: &Module, name: &str) -> bool {
    let definitions = module.tree.root().subtree().filter(|node| matches!(node.kind(), "function_definition" | "class_definition"));
    definitions.filter_map(|node| node.field("name")).any(|found| found.text() == name)
}

/// What is wrong with `@concurrent(max=…)`, if anything.
fn concurrency(expression: Node<'_>, function: Node<'_>) -> Option<(String, &'static str)> {
    let arguments: Vec<_> = expression.field("arguments").filter(|_| expression.kind() == "call")?.named_children().collect();
    let [only] = arguments.as_slice() else {
        return (!arguments.is_empty()).then(|| ("`@concurrent` takes `max=…` and nothing else".to_owned(), "`@concurrent(max=4)`"));
    };
    let keyword = only.field("name").filter(|name| only.kind() == "keyword_argument" && name.text() == "max");
    let (Some(_), Some(value)) = (keyword, only.field("value")) else {
        return Some(("`@concurrent` takes `max=…` and nothing else".to_owned(), "`@concurrent(max=4)`"));
    };
    match literal(value) {
        Some(Value::Int(max)) if max < 1 => Some((format!("`@concurrent(max={max})` lets no prediction run"), "a `max` of at least 1")),
        Some(Value::Int(max)) if max > 1 && !function.text().starts_with("async") => {
            Some((format!("`@concurrent(max={max})` needs an `async def`"), "`async def`, or no `@concurrent`"))
        }
        Some(Value::Int(_)) => None,
        _ => Some((format!("Cog cannot read `max={}` without running the file", value.text()), "the whole number itself")),
    }
}
