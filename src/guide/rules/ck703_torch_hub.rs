use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds `torch.hub.load` and the helpers that load weights from an address.
///
/// ## Why is this bad?
/// `torch.hub` downloads code as well as weights and runs it, so the model may change or stop at any cold start.
///
/// ## Example
/// ```python
/// model = torch.hub.load("acme/painter", "small")
/// ```
///
/// ## Use instead
/// ```python
/// model = torch.hub.load("painter", "small", source="local")
/// ```
///
/// ## What it may get wrong
/// The helper may find the file in a cache that the image holds.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const LOADERS: &[&str] =
    &["torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.hub.download_url_to_file", "torch.utils.model_zoo.load_url"];

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for call in module
        .running()
        .filter(|call| LOADERS.contains(&call.path.as_str()) || matches!(call.method(), "load_state_dict_from_url" | "load_file_from_url"))
    {
        let local = call.keyword(module, "source").is_some_and(|source| source.text().contains("local"));
        if !local {
            let node = call.node(module);
            let name = node.field("function").unwrap_or(node);
            found
                .at(module.span(name), "code or weights are downloaded when the model starts", "both in the image, and `source=\"local\"`")
                .scope = module.span(node);
        }
    }
}
