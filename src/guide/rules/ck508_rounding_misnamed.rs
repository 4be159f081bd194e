use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::syntax::Node;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds functions named after the nearest multiple that always round down or always round up.
///
/// ## Why is this bad?
/// Readers and descriptions trust the name, and the result is off by up to a whole step.
///
/// ## Example
/// ```python
/// def nearest_multiple(side, step):
///     return side // step * step
/// ```
///
/// ## Use instead
/// ```python
/// def nearest_multiple(side, step):
///     return max(1, round(side / step)) * step
/// ```
///
/// ## What it may get wrong
/// A function that says `round`, adds half a step or compares two candidates is left alone; other ways to round correctly are not known.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for function in module.tree.root().subtree().filter(|node| node.kind() == "function_definition") {
        let (Some(name), Some(body)) = (function.field("name"), function.field("body")) else { continue };
        let about_sizes = name.text().contains("nearest")
            && ["multiple", "divisible", "round", "size", "resolution", "8", "16", "32", "64"]
                .iter()
                .any(|word| name.text().contains(word));
        if !about_sizes || name.text().contains("floor") || name.text().contains("ceil") {
            continue;
        }
        if let Some(direction) = direction(body) {
            found.at(
                module.span(name),
                format!("`{}` always rounds {direction}", name.text()),
                "`round(side / step) * step`, at least one step; or a name that says so",
            );
        }
    }
}

fn direction(body: Node<'_>) -> Option<&'static str> {
    let operator = |node: &Node<'_>, wanted: &str| {
        node.kind() == "binary_operator" && node.field("operator").is_some_and(|found| found.text() == wanted)
    };
    let named = |wanted: &[&str]| body.subtree().any(|node| node.kind() == "identifier" && wanted.contains(&node.text()));
    let half = body
        .subtree()
        .any(|node| (operator(&node, "/") || operator(&node, "//")) && node.field("right").is_some_and(|half| half.text() == "2"));
    let half = half || body.subtree().any(|node| node.kind() == "float" && node.text().trim_end_matches('0') == "0.5");
    if half
        || named(&["round", "rint", "abs", "min", "argmin"])
        || body.subtree().any(|node| matches!(node.kind(), "comparison_operator" | "lambda"))
    {
        return None;
    }
    if named(&["ceil"]) {
        return Some("up");
    }
    let floors = body.subtree().any(|node| {
        let multiplied = operator(&node, "*") && node.subtree().any(|part| operator(&part, "//"));
        multiplied
            || (operator(&node, "-")
                && node.field("right").is_some_and(|right| operator(&right, "%") || right.children().any(|inner| operator(&inner, "%"))))
    });
    // `-(-a // b) * b` and `(a + b - 1) // b * b` round up.
    let negated = body.subtree().any(|node| node.kind() == "unary_operator" && node.text().starts_with('-'));
    let added = body.subtree().any(|node| operator(&node, "+"));
    (floors && !negated && !added).then_some("down")
}
