//! The registry and the pages are made from the rules' files: their names and their doc comments.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support::{bless, root};

struct RuleFile {
    module: String,
    code: String,
    name: String,
    page: String,
}

fn rule_files() -> Vec<RuleFile> {
    let folder = root().join("src/guide/rules");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let is_rule = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("ck");
    files.into_iter().filter(is_rule).map(|path| rule_file(&path)).collect()
}

fn rule_file(path: &Path) -> RuleFile {
    let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let (code, name) = module.split_once('_').unwrap();
    let (code, name) = (code.to_uppercase(), name.replace('_', "-"));
    let text = std::fs::read_to_string(path).unwrap();
    let before = text.split("pub(super) const RULE: Rule").next().unwrap();
    let level = text.split("level: Level::").nth(1).unwrap().split([',', ' ']).next().unwrap().to_lowercase();
    let mut page = format!("# {code}: {name}\n\nLevel: {level}\n\n");
    for line in before.lines().filter_map(|line| line.strip_prefix("///")) {
        writeln!(page, "{}", line.strip_prefix(' ').unwrap_or(line)).unwrap();
    }
    RuleFile { module, code, name, page }
}

/// Writes a generated file when blessing, compares it otherwise.
fn hold(path: &Path, expected: &str) {
    if bless() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, expected).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "{} is stale; `COG_KIT_BLESS=1 cargo test --test guide` writes it", path.display());
}

#[test]
fn every_page_is_its_rules_doc_comment() {
    let rules = rule_files();
    for rule in &rules {
        hold(&root().join(format!("docs/rules/{}.md", rule.code)), &rule.page);
    }
    let mut index = "# Rules\n\n| code | name | level | why |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in &rules {
        let why = rule.page.split("## Why is this bad?\n").nth(1).unwrap().lines().next().unwrap();
        let level = rule.page.split("Level: ").nth(1).unwrap().lines().next().unwrap();
        writeln!(index, "| [{}]({}.md) | {} | {level} | {why} |", rule.code, rule.code, rule.name).unwrap();
    }
    hold(&root().join("docs/rules/README.md"), &index);
    let pages = std::fs::read_dir(root().join("docs/rules")).unwrap().count();
    assert_eq!(pages, rules.len() + 1, "docs/rules holds a page of a rule that is gone");
}

#[test]
fn the_registry_lists_every_rule() {
    let rules = rule_files();
    let mut text = "//! Every rule. This file is made from the others by `COG_KIT_BLESS=1 cargo test --test guide`.\n\n".to_owned();
    for rule in &rules {
        writeln!(text, "mod {};", rule.module).unwrap();
    }
    text.push_str("\nuse super::rule::Entry;\n\n/// The rules, by code.\n#[rustfmt::skip]\npub(crate) static RULES: &[Entry] = &[\n");
    for rule in &rules {
        let page = format!("include_str!(\"../../../docs/rules/{}.md\")", rule.code);
        writeln!(text, "    Entry {{ code: \"{}\", name: \"{}\", page: {page}, rule: {}::RULE }},", rule.code, rule.name, rule.module)
            .unwrap();
    }
    text.push_str("];\n");
    hold(&root().join("src/guide/rules/mod.rs"), &text);
}

#[test]
fn every_page_has_the_same_sections_and_a_reason_of_one_sentence() {
    for rule in rule_files() {
        let titles: Vec<_> = rule.page.lines().filter(|line| line.starts_with("## ")).collect();
        let expected = ["## What it does", "## Why is this bad?", "## Example", "## Use instead", "## What it may get wrong"];
        assert_eq!(titles, expected, "{}", rule.code);
        let known = cog_kit::guide::rules().find(|known| known.code == rule.code).unwrap();
        assert!(known.why.len() > 20 && known.why.ends_with('.') && !known.why.contains('\n'), "{}: {}", rule.code, known.why);
        assert_eq!(cog_kit::guide::explain(known.name).unwrap(), rule.page);
    }
}
