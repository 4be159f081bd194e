use crate::guide::finding::Level;
use crate::guide::model::{Ecosystem, Model, Pin};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds Python packages without `==` and a version, also those that a command of the build installs with pip, and Rust dependencies with `*`.
///
/// ## Why is this bad?
/// The next build gets other versions than the one that was tested, and models are built again years later.
///
/// ## Example
/// ```text
/// torch>=2.0
/// ```
///
/// ## Use instead
/// ```text
/// torch==2.4.1
/// ```
///
/// ## What it may get wrong
/// A file with exact versions may be made from this one elsewhere.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for requirement in &model.requirements {
        let Pin::Loose(wanted) = &requirement.pin else { continue };
        let message = match (requirement.ecosystem, wanted.as_str()) {
            (_, "") => format!("`{}` may be any version", requirement.name),
            (_, wanted) => format!("`{}` may be any version that matches `{wanted}`", requirement.name),
        };
        let instead = match requirement.ecosystem {
            Ecosystem::Python => format!("`{}==` and the version that was tested", requirement.name),
            Ecosystem::Rust => "the version that was tested".to_owned(),
        };
        let draft = found.at(requirement.name_span, message, instead);
        draft.scope = requirement.span;
        draft.subject = Some(requirement.name.clone());
    }
}
