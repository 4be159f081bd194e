//! What several rules ask about code that loads weights.

use super::model::Model;
use super::python::{Call, Module};

/// First folders of paths that look like `owner/name` and are local.
const LOCAL: &[&str] = &[
    "weights",
    "weight",
    "checkpoints",
    "checkpoint",
    "models",
    "model",
    "cache",
    "ckpt",
    "ckpts",
    "pretrained",
    "pretrained_models",
    "data",
    "src",
    "assets",
    "tmp",
    "diffusers-cache",
    "model-cache",
    "model_cache",
    "hf-cache",
    "weights-cache",
    "pretrained_weights",
    "files",
    "lora",
    "loras",
];

/// Methods that take a name on the hub first.
const LOADERS: &[&str] = &["from_pretrained", "from_single_file", "load_lora_weights", "load_ip_adapter", "load_textual_inversion"];
/// Ends of paths to a file, which no name on the hub has.
const FILES: &[&str] = &[".safetensors", ".bin", ".pt", ".pth", ".ckpt"];

/// Whether the model is told not to ask the hub.
pub(crate) fn is_offline(model: &Model) -> bool {
    let switches = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"];
    let in_build = model.build.as_ref().is_some_and(|build| build.environment.iter().any(|name| switches.contains(&name.as_str())));
    in_build || model.module.as_ref().is_some_and(|module| switches.iter().any(|switch| module.has_text(switch)))
}

/// The name on the hub that a `from_pretrained` call or the like asks for, unless it keeps to local files.
pub(crate) fn hub_name(module: &Module, call: &Call) -> Option<String> {
    if !LOADERS.contains(&call.method()) || is_local_only(module, call) {
        return None;
    }
    let argument = call.argument(module, 0).or_else(|| call.keyword(module, "pretrained_model_name_or_path"))?;
    module.known_text(argument, call.function).filter(|text| is_hub_name(text) || text.starts_with("https://"))
}

/// Whether the call says `local_files_only=True`, or may say so in arguments that it is handed as a dictionary.
pub(crate) fn is_local_only(module: &Module, call: &Call) -> bool {
    let said = call.keyword(module, "local_files_only").is_some_and(|value| value.kind() != "false");
    said || (call.has_splat(module) && module.mentions_text("local_files_only"))
}

/// `owner/name`, and no folder that is usual for weights.
fn is_hub_name(text: &str) -> bool {
    let Some((owner, name)) = text.split_once('/') else { return false };
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    plain(owner)
        && plain(name)
        && !owner.starts_with('.')
        && !FILES.iter().any(|ending| name.ends_with(ending))
        && !LOCAL.contains(&owner.to_lowercase().as_str())
}

/// Whether the first folder of a path is one in which models keep weights.
pub(super) fn is_local_folder(folder: &str) -> bool {
    LOCAL.contains(&folder.to_lowercase().as_str())
}

/// The calls that fetch from the hub by its own library.
pub(crate) fn hub_downloads(module: &Module) -> impl Iterator<Item = &Call> {
    let is_download = |call: &&Call| matches!(call.method(), "hf_hub_download" | "snapshot_download" | "cached_download");
    module.running().filter(is_download).filter(|call| !is_local_only(module, call))
}

/// Whether the call can only be made when the request is there: it names an input of `predict`, or stands in a function that only `predict` calls, and
/// with an input.
pub(crate) fn is_for_input(model: &Model, module: &Module, call: &Call) -> bool {
    if module.in_predict(call) {
        return names_input(model, module, call);
    }
    let helper = call.function.and_then(|function| module.tree.node(function).field("name"));
    let Some(helper) = helper else { return false };
    let mut callers = module.calls.iter().filter(|caller| caller.method() == helper.text()).peekable();
    callers.peek().is_some() && callers.all(|caller| module.in_predict(caller) && names_input(model, module, caller))
}

fn names_input(model: &Model, module: &Module, call: &Call) -> bool {
    let is_input = |name: &str| model.inputs.iter().any(|input| input.name == name);
    let arguments = call.node(module).field("arguments");
    arguments.is_some_and(|arguments| arguments.subtree().any(|part| part.kind() == "identifier" && is_input(part.text())))
}
