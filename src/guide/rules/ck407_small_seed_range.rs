use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds seeds with at most 65,536 values: a range up to 65535, or two bytes from `os.urandom`.
///
/// ## Why is this bad?
/// Among a few hundred pictures two are the same, and seeds of other programs are refused.
///
/// ## Example
/// ```python
/// seed = int.from_bytes(os.urandom(2), "big")
/// ```
///
/// ## Use instead
/// ```python
/// seed = int.from_bytes(os.urandom(4), "big")
/// ```
///
/// ## What it may get wrong
/// Random bytes that are not for a seed: two bytes are reported only when the name `seed` stands in the same statement.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const SMALL: f64 = 65_536.0;

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.is_seed()) {
        if let Some(most) = input.le.filter(|most| *most <= SMALL) {
            let message = format!("seed `{}` has only the values up to {most}", input.name);
            found.input(input, message, "`le=4294967295`, or no upper limit");
        }
    }
    let Some(module) = &model.module else { return };
    for call in module.calls.iter().filter(|call| matches!(call.path.as_str(), "os.urandom" | "secrets.token_bytes")) {
        let Some(count) = call.argument(module, 0).filter(|count| matches!(count.text(), "1" | "2")) else { continue };
        let mut statement = call.node(module);
        for _ in 0..8 {
            if matches!(statement.kind(), "assignment" | "return_statement" | "expression_statement") {
                break;
            }
            statement = statement.parent();
        }
        if statement.kind() == "assignment" && statement.field("left").is_some_and(|name| name.text().to_lowercase().contains("seed")) {
            let message = format!("a seed made of {} random bytes has at most 65,536 values", count.text());
            found.at(module.span(call.node(module)), message, "four bytes");
        }
    }
}
