//! Inputs that decorators describe, as they did before Cog 0.1: what to write in the signature instead.

use crate::guide::python::Module;
use crate::guide::python::syntax::Node;

/// Keywords of the decorator, and those of `Input`.
const KEYWORDS: &[(&str, &str)] = &[("default", "default"), ("min", "ge"), ("max", "le"), ("options", "choices"), ("help", "description")];

/// The parameter as it has to be written, if `@cog.input` describes it.
pub(crate) fn instead(module: &Module, function: Node<'_>, name: &str) -> Option<String> {
    let around = Some(function.parent()).filter(|around| around.kind() == "decorated_definition")?;
    let calls = around.children().filter(|child| child.kind() == "decorator").filter_map(|decorator| decorator.children().next());
    let call = calls.filter(|call| call.kind() == "call").find(|call| {
        let is_input = call.field("function").is_some_and(|function| module.path(function) == "cog.input");
        let first = call.field("arguments").and_then(|arguments| arguments.children().next());
        is_input && first.is_some_and(|first| first.text().trim_matches(['"', '\'']) == name)
    })?;
    let arguments = call.field("arguments")?;
    let value = |keyword: &str| {
        let mut given = arguments.children().filter(|argument| argument.field("name").is_some_and(|name| name.text() == keyword));
        given.next().and_then(|argument| argument.field("value")).map(Node::text)
    };
    let typed = value("type").map_or("str", |typed| typed.rsplit('.').next().unwrap_or(typed));
    let given: Vec<String> = KEYWORDS.iter().filter_map(|(old, new)| Some(format!("{new}={}", value(old)?))).collect();
    Some(format!("`{name}: {typed} = Input({})`", given.join(", ")))
}
