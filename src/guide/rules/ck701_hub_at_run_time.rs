use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::weights::{hub_name, is_offline};

/// ## What it does
/// Finds `from_pretrained`, `from_single_file`, `load_lora_weights` and the like with a name on the hub and without `local_files_only=True`.
///
/// ## Why is this bad?
/// A cold start downloads gigabytes that are not in the image, and fails on the day that the hub is down or the repository is gone.
///
/// ## Example
/// ```python
/// self.pipe = Pipeline.from_pretrained("acme/painter")
/// ```
///
/// ## Use instead
/// ```python
/// self.pipe = Pipeline.from_pretrained("weights/painter", local_files_only=True)
/// ```
///
/// ## What it may get wrong
/// A local folder that looks like `owner/name`: usual names such as `weights` and `checkpoints` are known. Names that are not written in this file are
/// not seen, and a call that is handed `**arguments` is left alone in a file that writes `local_files_only`.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = model.module.as_ref().filter(|_| !is_offline(model)) else { return };
    for call in module.running() {
        if let Some(name) = hub_name(module, call) {
            let node = call.node(module);
            let argument = call.argument(module, 0).unwrap_or(node);
            let message = format!("`{name}` is looked up on the hub when the model starts");
            found.at(module.span(argument), message, "the weights in the image, and `local_files_only=True`").scope = module.span(node);
        }
    }
}
