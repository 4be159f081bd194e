use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::{Input, Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds limits that mean nothing for the type: a range on a text, a length on a number, `accept` on what is no file.
///
/// ## Why is this bad?
/// Nobody checks such a limit; `accept` in the wrong place, and any limit on a union, break the build.
///
/// ## Example
/// ```python
/// prompt: str = Input(ge=1, description="What to draw.")
/// ```
///
/// ## Use instead
/// ```python
/// prompt: str = Input(min_length=1, description="What to draw.")
/// ```
///
/// ## What it may get wrong
/// Types that the parser cannot follow are left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Constraint, found);
    for input in &model.inputs {
        let plain = |kind: &Kind| !matches!(kind, Kind::Unknown | Kind::Union | Kind::Object);
        if !plain(&input.kind) {
            continue;
        }
        for (is_set, what, fits, instead) in limits(model, input) {
            if is_set && !fits {
                found.input(input, format!("{what} means nothing for `{}`", input.name), instead);
            }
        }
    }
}

fn limits(model: &Model, input: &Input) -> [(bool, &'static str, bool, &'static str); 3] {
    let range = input.ge.is_some() || input.le.is_some();
    let length = input.min_length.is_some() || input.max_length.is_some() || input.regex;
    [
        (range, "a range", input.is_number(), "`min_length` and `max_length` for a text, nothing for other types"),
        (
            length,
            "a length or pattern",
            matches!(input.kind, Kind::Text | Kind::Secret),
            "`ge` and `le` for a number, nothing for other types",
        ),
        (input.accept.is_some() && model.module.is_none(), "`accept`", input.is_file(), "`accept` on a `Path` only"),
    ]
}
