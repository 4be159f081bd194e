use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::Module;
use crate::guide::python::syntax::Node;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds descriptions written in a form that Cog's parser does not understand: escapes, two strings in a row, string prefixes.
///
/// ## Why is this bad?
/// Cog reads the text without running it, so users see a backslash and an n, stray quotes, or nothing at all.
///
/// ## Example
/// ```python
/// description="How much to change.\n" "Higher is more."
/// ```
///
/// ## Use instead
/// ```python
/// description="How much to change. Higher is more."
/// ```
///
/// ## What it may get wrong
/// Nothing known; it follows Cog 0.23. Older versions ran the file and had none of this.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for (input, module, call) in model.input_calls() {
        for keyword in ["description", "regex", "accept"] {
            let Some(node) = call.keyword(module, keyword) else { continue };
            if let Some((fault, instead)) = fault(module, node) {
                let message = format!("the {keyword} of `{}` {fault}", input.name);
                found.input_at(input, module.span(node), message, instead);
            }
        }
    }
}

fn fault(module: &Module, node: Node<'_>) -> Option<(&'static str, &'static str)> {
    let node = match node.kind() {
        "identifier" => *module.constants().get(node.text())?,
        "parenthesized_expression" => node.children().next()?,
        _ => node,
    };
    let one_string = "one plain string; a long one may be in three quotes";
    match node.kind() {
        "concatenated_string" => Some(("is two strings in a row, which Cog joins with their quotes", one_string)),
        "binary_operator" if node.subtree().any(|part| part.kind() == "string") => {
            Some(("is put together with an operator, which Cog does not run", one_string))
        }
        "string" => {
            let prefix: String = node.text().chars().take_while(|c| c.is_ascii_alphabetic()).collect();
            let raw = prefix.eq_ignore_ascii_case("r");
            let triple = node.text().get(prefix.len()..).is_some_and(|rest| rest.starts_with("\"\"\"") || rest.starts_with("'''"));
            let escaped = !raw && node.subtree().any(|part| part.kind() == "escape_sequence");
            match prefix.as_str() {
                "" if escaped => Some((
                    "has escapes, which Cog shows as they are written",
                    "the character itself, or the other kind of quotes around the text",
                )),
                "r" if triple => Some(("is a raw string in three quotes, of which Cog keeps two", one_string)),
                "" | "r" => None,
                _ => Some(("has a string prefix, so Cog drops it", "a plain string")),
            }
        }
        _ => None,
    }
}
