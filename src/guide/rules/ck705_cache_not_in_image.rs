use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::weights::{hub_downloads, hub_name, is_offline};

/// ## What it does
/// Finds models that load from the hub and neither set a cache folder nor say where the build puts one.
///
/// ## Why is this bad?
/// The cache lies in a home folder that is not part of the image, so nothing that was downloaded once is kept.
///
/// ## Example
/// ```yaml
/// build:
///   gpu: true
/// ```
///
/// ## Use instead
/// ```yaml
/// build:
///   gpu: true
/// environment:
///   - HF_HOME=/src/weights
/// ```
///
/// ## What it may get wrong
/// A script of the build may set it. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const SWITCHES: &[&str] = &["HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE", "TORCH_HOME"];

fn check(model: &Model, found: &mut Findings) {
    let (Some(module), Some(build)) = (&model.module, &model.build) else { return };
    let in_build = build.environment.iter().any(|name| SWITCHES.contains(&name.as_str()))
        || build.commands.iter().any(|command| SWITCHES.iter().any(|switch| command.contains(switch)));
    if is_offline(model) || in_build || SWITCHES.iter().any(|switch| module.has_text(switch)) {
        return;
    }
    let from_hub = module.running().filter(|call| hub_name(module, call).is_some()).chain(hub_downloads(module));
    if from_hub.into_iter().any(|call| call.keyword(module, "cache_dir").is_none() && call.keyword(module, "local_dir").is_none()) {
        found.at(
            build.span,
            "the build has no place for what is loaded from the hub",
            "`HF_HOME` in `environment`, and the download in `build.run`",
        );
    }
}
