use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::has_word;
use crate::guide::python::syntax::Node;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds sides rounded down to a multiple with nothing to keep them from becoming 0: `width - width % 8`, `width // 8 * 8`.
///
/// ## Why is this bad?
/// A picture smaller than one step gets the size 0, and fails far from here with a message that helps nobody.
///
/// ## Example
/// ```python
/// width = width - width % 64
/// ```
///
/// ## Use instead
/// ```python
/// width = max(64, width - width % 64)
/// ```
///
/// ## What it may get wrong
/// Small sides may be refused or enlarged before. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const SIDES: &[&str] = &["width", "height", "w", "h", "side", "size", "x", "ow", "oh"];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for node in module.tree.root().subtree().filter(|node| node.kind() == "binary_operator") {
        let floors = rounded(node).is_some_and(|side| SIDES.iter().any(|word| has_word(side.text(), word)));
        if floors && !is_guarded(node) {
            let message = format!("`{}` is 0 for pictures smaller than the step", node.text().chars().take(60).collect::<String>());
            found.at(module.span(node), message, "`max(step, …)` around it, or `cog_kit` to decide the size");
        }
    }
}

/// The side in `side - side % step` or `side // step * step`.
fn rounded(node: Node<'_>) -> Option<Node<'_>> {
    let (left, right) = (plain(node.field("left")?)?, plain(node.field("right")?)?);
    let (outer, sides) = (node.field("operator")?.text(), ["identifier", "attribute"]);
    let inner = if outer == "-" { right } else { left };
    let operator = inner.field("operator").map(Node::text);
    let (side, step) = (inner.field("left")?, inner.field("right")?);
    let matches = match (outer, operator) {
        ("-", Some("%")) => side.text() == left.text(),
        ("*", Some("//")) => step.text() == right.text(),
        _ => false,
    };
    (matches && sides.contains(&side.kind())).then_some(side)
}

fn plain(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() == "parenthesized_expression" { node.children().next() } else { Some(node) }
}

fn is_guarded(node: Node<'_>) -> bool {
    let mut around = node;
    for _ in 0..6 {
        around = around.parent();
        if around.kind() == "call"
            && around.field("function").is_some_and(|function| matches!(function.text(), "max" | "np.maximum" | "range"))
        {
            return true;
        }
    }
    false
}
