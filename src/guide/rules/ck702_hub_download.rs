use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::weights::{hub_downloads, is_for_input, is_offline};

/// ## What it does
/// Finds `hf_hub_download` and `snapshot_download` in the predictor's file.
///
/// ## Why is this bad?
/// Every cold start downloads the file again, and stops working on the day that the hub is down or the repository is gone.
///
/// ## Example
/// ```python
/// path = hf_hub_download("acme/painter", "model.safetensors")
/// ```
///
/// ## Use instead
/// ```python
/// path = "weights/model.safetensors"
/// ```
///
/// ## What it may get wrong
/// Weights that the user names, such as a LoRA, can only be fetched then: a call with a name that an input gives is left alone, and
/// so is one in a function that only `predict` calls, with an input.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = model.module.as_ref().filter(|_| !is_offline(model)) else { return };
    for call in hub_downloads(module) {
        let node = call.node(module);
        if !is_for_input(model, module, call) {
            found.at(
                module.span(node),
                "weights are downloaded when the model starts",
                "the file in the image, put there when it is built",
            );
        }
    }
}
