//! The list `weights` of cog.yaml.

use super::super::contract::RemarkKind;
use super::super::data::{Data, Node};
use super::settings::{Settings, given};

/// Checks every entry, and that their targets lie apart.
pub(super) fn check(settings: &mut Settings<'_>, root: &Node) {
    let Some(weights) = given(root, "weights") else { return };
    let Data::List(items) = &weights.data else {
        return settings.refuse(weights, "`weights` is not a list", "a list, with `name`, `source` and `target` for each entry");
    };
    let (mut names, mut targets): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for item in items {
        let Data::Map(entries) = &item.data else {
            settings.refuse(item, "an entry of `weights` is not a map", "`name`, `source` and `target`");
            continue;
        };
        settings.keys(entries, &["name", "target", "source"], "an entry of weights");
        let text = |settings: &Settings<'_>, key: &str| given(item, key).and_then(|node| settings.written(node)).unwrap_or_default();
        let (name, target) = (text(settings, "name"), text(settings, "target"));
        if !is_name(&name) {
            let at = given(item, "name").unwrap_or(item);
            settings.refuse(
                at,
                "the name of a weight has other characters than `a-z0-9._-`, or is missing",
                "lower case letters, digits, and single dots, underscores and hyphens between them",
            );
        } else if names.contains(&name) {
            settings.refuse(item, format!("two weights have the name `{name}`"), "a name for each");
        }
        if !target.starts_with('/') {
            settings.refuse(
                given(item, "target").unwrap_or(item),
                "the target of a weight is not an absolute path",
                "a path that starts with `/`, such as `/src/weights`",
            );
        } else if targets.iter().any(|other| inside(other, &target) || inside(&target, other)) {
            settings.refuse(
                given(item, "target").unwrap_or(item),
                format!("the target `{target}` overlaps with another one"),
                "a folder for each weight",
            );
        }
        source(settings, item);
        names.push(name);
        targets.push(target);
    }
}

fn source(settings: &mut Settings<'_>, item: &Node) {
    let Some(source) = given(item, "source") else {
        return settings.refuse(item, "a weight has no `source`", "`source:` with `uri:` below it");
    };
    let sources = if source.items().is_empty() { std::slice::from_ref(source) } else { source.items() };
    for source in sources {
        let Data::Map(entries) = &source.data else {
            settings.refuse(source, "the source of a weight is not a map", "`source:` with `uri:` below it");
            continue;
        };
        settings.keys(entries, &["uri", "include", "exclude"], "the source of a weight");
        if given(source, "uri").and_then(|node| settings.written(node)).is_none_or(|uri| uri.is_empty()) {
            settings.note(
                RemarkKind::Setting,
                source.span.clone(),
                "the source of a weight has no `uri`",
                "`uri: hf://owner/name` or another address",
            );
        }
    }
}

/// Whether a name has lower case letters and digits, with single separators between them.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.split(['.', '_', '-']).all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

fn inside(outer: &str, inner: &str) -> bool {
    let outer = outer.trim_end_matches('/');
    inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}
