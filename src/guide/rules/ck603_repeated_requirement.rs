use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds packages that are required twice.
///
/// ## Why is this bad?
/// With two versions the installation fails, and with one the next person changes only half of it.
///
/// ## Example
/// ```text
/// numpy==1.26.4
/// pillow==10.4.0
/// numpy==1.26.4
/// ```
///
/// ## Use instead
/// ```text
/// numpy==1.26.4
/// pillow==10.4.0
/// ```
///
/// ## What it may get wrong
/// Nothing known. Lines with different markers after `;` are different requirements, and a command of the build may well install another version over the
/// first.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let mut known = std::collections::HashSet::new();
    for requirement in model.requirements.iter().filter(|requirement| !requirement.in_command) {
        if !known.insert((&requirement.key, &requirement.marker)) {
            found.at(requirement.name_span, format!("`{}` is required twice", requirement.name), "one line for it").scope =
                requirement.span;
        }
    }
}
