//! Every rule has a model that breaks it, a model that does not, and a golden report.

use std::path::Path;

use cog_kit::guide::{Format, Level, check, rules};

use crate::support::{bless, root};

/// Checks a fixture as if it lay in the working directory.
fn report(code: &str, kind: &str) -> cog_kit::guide::Report {
    let folder = Path::new("tests/guide/fixtures").join(code).join(kind);
    check(folder.to_str().unwrap()).unwrap_or_else(|error| panic!("{code}/{kind}: {error}"))
}

#[test]
fn every_bad_model_is_found_out() {
    for rule in rules() {
        let report = report(rule.code, "bad").only(rule.code);
        assert!(!report.findings().is_empty(), "{} finds nothing in its bad model", rule.code);
        let text = report.render(Format::Text { colour: false });
        let golden = root().join(format!("tests/guide/golden/{}.txt", rule.code));
        if bless() {
            std::fs::write(&golden, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert!(text == expected, "{} says something else than its golden report:\n{text}", rule.code);
    }
}

#[test]
fn no_good_model_is_accused() {
    for rule in rules() {
        let report = report(rule.code, "good");
        let wrong: Vec<_> = report.findings().iter().filter(|finding| finding.code == rule.code || finding.level > Level::Hint).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", rule.code);
    }
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    for entry in std::fs::read_dir(root().join("tests/guide/fixtures")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(rules().any(|rule| rule.code == name), "{name}");
    }
}
