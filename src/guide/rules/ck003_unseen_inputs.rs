use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds crates whose inputs were not checked, because there is no document of them.
///
/// ## Why is this bad?
/// A report without findings then says nothing about names, descriptions, limits and defaults.
///
/// ## Example
/// ```sh
/// cog-kit check my-crate
/// ```
///
/// ## Use instead
/// ```sh
/// cargo run -- schema > openapi.json
/// cog-kit check my-crate
/// ```
///
/// ## What it may get wrong
/// Libraries and other crates that are no predictors are reported too.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

fn check(model: &Model, found: &mut Findings) {
    if let Some(place) = model.unseen {
        let instead = "`cargo run -- check` in the crate; or `cargo run -- schema > openapi.json`, and this check again";
        found.at(place, "the inputs of this crate were not checked: there is no `openapi.json` beside its manifest", instead);
    }
}
