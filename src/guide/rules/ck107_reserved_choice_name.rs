use crate::guide::contract::{RemarkKind, report};
use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds inputs with choices whose name Cog uses for a part of the document.
///
/// ## Why is this bad?
/// The choices are stored under the input's name and overwrite that part, so the published document is wrong.
///
/// ## Example
/// ```python
/// Status: str = Input(default="on", choices=["on", "off"], description="Whether the lamp burns.")
/// ```
///
/// ## Use instead
/// ```python
/// lamp: str = Input(default="on", choices=["on", "off"], description="Whether the lamp burns.")
/// ```
///
/// ## What it may get wrong
/// Nothing known.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const RESERVED: &[&str] = &[
    "Input",
    "Output",
    "PredictionRequest",
    "PredictionResponse",
    "Status",
    "HTTPValidationError",
    "ValidationError",
    "TrainingInput",
    "TrainingOutput",
    "TrainingRequest",
    "TrainingResponse",
];

fn check(model: &Model, found: &mut Findings) {
    report(model, RemarkKind::Reserved, found);
    let reported = |name: &str| {
        model.remarks.iter().any(|remark| remark.kind == RemarkKind::Reserved && remark.message.contains(&format!("`{name}`")))
    };
    for input in
        model.inputs.iter().filter(|input| input.choices.is_some() && RESERVED.contains(&input.name.as_str()) && !reported(&input.name))
    {
        let message = format!("input `{}` has choices and the name of a part of Cog's document", input.name);
        found.input(input, message, format!("`{}`, or a name that says more", input.name.to_lowercase()));
    }
}
