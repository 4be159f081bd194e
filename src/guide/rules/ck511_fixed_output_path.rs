use std::collections::{HashMap, HashSet};

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

/// Results beyond this number are not looked at.
const MAX_RESULTS: usize = 200;

fn check(model: &Model, found: &mut Findings) {
    let Some((module, signature)) = model.module.as_ref().and_then(|module| Some((module, module.signature.as_ref()?))) else { return };
    let predict = module.tree.node(signature.predict);
    let paths = Paths { module, function: Some(predict.id), counters: counters(predict) };
    let mut results: Vec<(String, Node<'_>)> = Vec::new();
    for node in handed_out(module, predict).into_iter().take(MAX_RESULTS) {
        if let Some(text) = paths.fixed(node).filter(|text| results.iter().all(|(known, _)| known != text)) {
            results.push((text, node));
        }
    }
    if results.is_empty() {
        return;
    }
    let mut writers: HashMap<String, (Node<'_>, Node<'_>)> = HashMap::new();
    for call in module.calls.iter().filter(|call| module.in_predict(call) && writes(call)) {
        let node = call.node(module);
        for argument in node.field("arguments").into_iter().flat_map(Node::children) {
            if let Some(text) = paths.fixed(argument) {
                writers.entry(text).or_insert((argument, node));
            }
        }
    }
    for (text, node) in results {
        let (place, scope) = writers.get(&text).copied().unwrap_or((node, node));
        let message = format!("every prediction writes to `{text}`");
        found.at(module.span(place), message, "a name of its own for each: `Path(tempfile.mkdtemp()) / …`").scope = module.span(scope);
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
pub(super) fn handed_out<'m>(module: &'m Module, predict: Node<'m>) -> Vec<Node<'m>> {
    let function = Some(predict.id);
    let results = predict.subtree().filter(|node| matches!(node.kind(), "return_statement" | "yield"));
    let mut found: Vec<Node<'m>> = results.flat_map(|result| values(module, result)).collect();
    let mut names: Vec<&str> = found.iter().filter(|node| node.kind() == "identifier").map(|node| node.text()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().take(MAX_RESULTS) {
        found.extend(module.all_assigned(name, function).flat_map(|value| values(module, value)));
        let collects = |call: &&Call| {
            let receiver = call.receiver(module);
            matches!(call.method(), "append" | "extend" | "insert") && receiver.is_some_and(|receiver| receiver.text() == name)
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

/// What is needed to tell which paths are the same for every prediction.
struct Paths<'m> {
    module: &'m Module,
    function: Option<usize>,
    counters: HashSet<&'m str>,
}

impl Paths<'_> {
    /// The path, when it is the same for every prediction.
    fn fixed(&self, node: Node<'_>) -> Option<String> {
        let string = self.module.written(node, self.function)?;
        let text = self.module.known_text(string, self.function).or_else(|| self.numbered(string))?;
        ENDINGS.iter().any(|ending| text.ends_with(ending)).then_some(text)
    }

    /// `out-{i}.png`, when nothing but the number of a loop is filled in.
    fn numbered(&self, string: Node<'_>) -> Option<String> {
        let mut gaps = string.children().filter(|part| part.kind() == "interpolation").flat_map(Node::children);
        let counts = |value: Node<'_>| value.kind() == "identifier" && self.counters.contains(value.text());
        let all_count = gaps.all(|value| counts(value) || value.kind() == "format_specifier");
        all_count.then(|| string.text().trim_start_matches(['f', 'F', 'r', 'R']).trim_matches(['"', '\'']).to_owned())
    }
}

/// The variables that count: `i` of `for i in range(4)` and `for i, picture in enumerate(pictures)`.
fn counters(predict: Node<'_>) -> HashSet<&str> {
    let loops = predict.subtree().filter(|node| matches!(node.kind(), "for_statement" | "for_in_clause"));
    let counting = loops.filter(|node| {
        let function = node.field("right").and_then(|right| right.field("function"));
        function.is_some_and(|function| matches!(function.text(), "range" | "enumerate"))
    });
    let lefts = counting.filter_map(|node| node.field("left"));
    lefts.filter_map(|left| if left.kind() == "identifier" { Some(left) } else { left.children().next() }).map(Node::text).collect()
}
