use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::python::syntax::Node;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds models that are loaded in `run` or `predict` instead of `setup`.
///
/// ## Why is this bad?
/// Every prediction waits and pays for the loading again.
///
/// ## Example
/// ```python
/// def predict(self, prompt: str = Input(description="What to draw.")) -> Path:
///     pipe = Pipeline.from_pretrained("weights/painter", local_files_only=True)
/// ```
///
/// ## Use instead
/// ```python
/// def setup(self):
///     self.pipe = Pipeline.from_pretrained("weights/painter", local_files_only=True)
/// ```
///
/// ## What it may get wrong
/// Schedulers and what an input names have to be loaded there: both are left alone. So is what is kept in `self` under an `if` that looks at `self`, since
/// that is loaded once.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const MAX_DEPTH: usize = 16;

fn check(model: &Model, found: &mut Findings) {
    // A training starts with the weights as they are.
    let Some(module) = model.module.as_ref().filter(|_| !model.is_training) else { return };
    for call in module.calls.iter().filter(|call| module.in_predict(call)) {
        let loads = matches!(call.method(), "from_pretrained" | "from_single_file")
            || matches!(call.path.as_str(), "torch.load" | "torch.jit.load" | "onnxruntime.InferenceSession");
        if !loads || call.path.to_lowercase().contains("scheduler") {
            continue;
        }
        let node = call.node(module);
        let arguments = node.field("arguments").unwrap_or(node);
        // Whatever depends on a variable may depend on the request.
        let varies = arguments.subtree().any(|part| {
            part.kind() == "identifier"
                && part.parent().kind() != "attribute"
                && part.parent().kind() != "keyword_argument"
                && module.known_text(part, call.function).is_none()
        });
        if !varies && !is_kept(node) {
            let name = node.field("function").unwrap_or(node);
            found
                .at(module.span(name), "the model is loaded anew for every prediction", "load it in `setup` and keep it in `self`")
                .scope = module.span(node);
        }
    }
}

/// Whether the result is put into `self`, and only if `self` has not got it yet.
fn is_kept(node: Node<'_>) -> bool {
    let (mut around, mut kept) = (node, false);
    for _ in 0..MAX_DEPTH {
        around = around.parent();
        match around.kind() {
            "assignment" => kept |= around.field("left").is_some_and(|name| name.text().starts_with("self.")),
            "if_statement" if kept && around.field("condition").is_some_and(looks_at_self) => return true,
            "function_definition" => return false,
            _ => {}
        }
    }
    false
}

fn looks_at_self(condition: Node<'_>) -> bool {
    condition.subtree().any(|part| part.text() == "self")
}
