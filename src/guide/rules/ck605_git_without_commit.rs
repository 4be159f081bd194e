use crate::guide::finding::Level;
use crate::guide::model::{Ecosystem, Model, Pin};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds dependencies from a git repository that do not name a commit.
///
/// ## Why is this bad?
/// A branch moves and a tag can be moved, so the next build gets other code.
///
/// ## Example
/// ```text
/// git+https://github.com/openai/CLIP.git
/// ```
///
/// ## Use instead
/// ```text
/// git+https://github.com/openai/CLIP.git@dcba3cb2e2827b402d2701e7e1c7d9fed8a20ef1
/// ```
///
/// ## What it may get wrong
/// In Rust, Cargo.lock holds the commit as long as nobody updates it.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    for requirement in &model.requirements {
        let Pin::Git(reference) = &requirement.pin else { continue };
        let is_commit = |text: &String| (7..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
        if reference.as_ref().is_some_and(is_commit) {
            continue;
        }
        let message = match reference {
            Some(name) => format!("`{}` follows `{name}`, which can move", requirement.name),
            None => format!("`{}` follows a repository's main branch", requirement.name),
        };
        let instead = if requirement.ecosystem == Ecosystem::Rust {
            "`rev = \"…\"` with the commit"
        } else {
            "`@` and the commit after the address"
        };
        found.at(requirement.span, message, instead);
    }
}
