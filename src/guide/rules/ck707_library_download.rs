use crate::guide::finding::Level;
use crate::guide::loaders::{LOADERS, downloaded};
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds calls of libraries that download weights by a name: whisper, ultralytics, timm, torchvision, insightface, NLTK, spaCy and others.
///
/// ## Why is this bad?
/// Every start of the container downloads them again, which is slow, and fails when the other side is down or has changed the file.
///
/// ## Example
/// ```python
/// def setup(self):
///     self.model = whisper.load_model("large-v3")
/// ```
///
/// ## Use instead
/// ```python
/// def setup(self):
///     self.model = whisper.load_model("weights/large-v3.pt")
/// ```
///
/// ## What it may get wrong
/// A command of the build may have filled the library's cache: a command that names the library or the weights is taken to do that. Functions that
/// nothing calls are left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    for call in module.running() {
        let Some(loader) = LOADERS.iter().find(|loader| loader.is_called(call)) else { continue };
        if let Some(name) = downloaded(model, module, call, loader) {
            let node = call.node(module);
            let function = node.field("function").unwrap_or(node);
            let message = format!("`{}` downloads {name} when the model starts", call.path);
            found.at(module.span(function), message, loader.instead).scope = module.span(node);
        }
    }
}
