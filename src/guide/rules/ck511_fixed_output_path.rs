use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::syntax::Node;
use crate::guide::python::{Call, Module};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds results that `run` or `predict` returns from a fixed path, or from one with only a running number in it.
///
/// ## Why is this bad?
/// Cog sends the file after the method has returned, so the next prediction may overwrite what this one made.
///
/// ## Example
/// ```python
/// picture.save("/tmp/out.png")
/// return Path("/tmp/out.png")
/// ```
///
/// ## Use instead
/// ```python
/// out = Path(tempfile.mkdtemp()) / "out.png"
/// picture.save(out)
/// return out
/// ```
///
/// ## What it may get wrong
/// A file that is part of the image and always returned as it is. Files that only the method itself reads again are left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const ENDINGS: &[&str] = &[
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".webm", ".mov", ".wav", ".mp3", ".flac", ".zip", ".tar", ".glb", ".obj", ".ply",
    ".json", ".csv",
];

fn check(model: &Model, found: &mut Findings) {
    let Some((module, signature)) = model.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?))) else { return };
    let (predict, function) = (module.tree.node(signature.predict), Some(signature.predict));
    let mut told: Vec<String> = Vec::new();
    for node in handed_out(module, predict) {
        let Some(text) = fixed(module, node, function, predict).filter(|text| !told.contains(text)) else { continue };
        let writer = module.calls.iter().filter(|call| module.in_predict(call) && !is_path(module, call.node(module))).find_map(|call| {
            let arguments = call.node(module).field("arguments")?;
            let target = arguments.children().find(|argument| fixed(module, *argument, function, predict).as_ref() == Some(&text))?;
            writes(call).then(|| (target, call.node(module)))
        });
        let (place, scope) = writer.unwrap_or((node, node));
        let message = format!("every prediction writes to `{text}`");
        found.at(module.span(place), message, "a name of its own for each: `Path(tempfile.mkdtemp()) / …`").scope = module.span(scope);
        told.push(text);
    }
}

/// Whether a call with a path among its arguments writes there, as far as its name tells.
fn writes(call: &Call) -> bool {
    let method = call.method();
    ["save", "write", "export", "dump"].iter().any(|verb| method.contains(verb))
}

fn is_path(module: &Module, node: Node<'_>) -> bool {
    let path = node.field("function").map(|function| module.path(function)).unwrap_or_default();
    matches!(path.as_str(), "cog.Path" | "pathlib.Path" | "Path" | "str")
}

/// The paths and names in what is returned or yielded, and in what is put into a variable that is.
fn handed_out<'m>(module: &'m Module, predict: Node<'m>) -> Vec<Node<'m>> {
    let function = Some(predict.id);
    let results = predict.subtree().filter(|node| matches!(node.kind(), "return_statement" | "yield"));
    let mut found: Vec<Node<'m>> = results.flat_map(|result| values(module, result)).collect();
    let names: Vec<Node<'m>> = found.iter().copied().filter(|node| node.kind() == "identifier").collect();
    for name in names {
        found.extend(module.all_assigned(name.text(), function).flat_map(|value| values(module, value)));
        let collects = |call: &&Call| {
            let receiver = call.receiver(module);
            matches!(call.method(), "append" | "extend" | "insert") && receiver.is_some_and(|receiver| receiver.text() == name.text())
        };
        let calls = module.calls.iter().filter(|call| module.in_predict(call)).filter(collects);
        found.extend(calls.filter_map(|call| call.node(module).field("arguments")).flat_map(|arguments| values(module, arguments)));
    }
    found
}

/// The paths and names in an expression, unless a function makes something else of them: `Path(…)`, lists and objects do not.
fn values<'m>(module: &'m Module, expression: Node<'m>) -> impl Iterator<Item = Node<'m>> {
    let is_value = move |node: &Node<'m>| node.kind() == "identifier" || (node.kind() == "call" && is_path(module, *node));
    let is_kept = move |node: &Node<'m>| {
        let mut around = *node;
        while around.id != expression.id {
            around = around.parent();
            let callee = (around.kind() == "call").then(|| around.field("function")).flatten();
            let name = callee.map_or("", |callee| callee.text().rsplit('.').next().unwrap_or_default());
            let is_object = name.is_empty() || name == "str" || name == "list" || name.starts_with(char::is_uppercase);
            if !is_object || matches!(around.kind(), "attribute" | "subscript" | "binary_operator") {
                return false;
            }
        }
        true
    };
    expression.subtree().filter(is_value).filter(is_kept)
}

/// The path, when it is the same for every prediction.
fn fixed(module: &Module, node: Node<'_>, function: Option<usize>, predict: Node<'_>) -> Option<String> {
    let string = module.written(node, function)?;
    let text = module.known_text(string, function).or_else(|| numbered(string, predict))?;
    ENDINGS.iter().any(|ending| text.ends_with(ending)).then_some(text)
}

/// `out-{i}.png`, when nothing but the number of a loop is filled in.
fn numbered(string: Node<'_>, predict: Node<'_>) -> Option<String> {
    let counts = |name: &str| {
        predict.subtree().filter(|node| matches!(node.kind(), "for_statement" | "for_in_clause")).any(|node| {
            let (Some(left), Some(right)) = (node.field("left"), node.field("right")) else { return false };
            let first = if left.kind() == "identifier" { Some(left) } else { left.children().next() };
            let is_counter = right.field("function").is_some_and(|function| matches!(function.text(), "range" | "enumerate"));
            is_counter && first.is_some_and(|first| first.text() == name)
        })
    };
    let gaps = string.children().filter(|part| part.kind() == "interpolation");
    let all_count = gaps.into_iter().all(|gap| gap.children().all(|value| value.kind() == "identifier" && counts(value.text())));
    all_count.then(|| string.text().trim_start_matches(['f', 'F', 'r', 'R']).trim_matches(['"', '\'']).to_owned())
}
