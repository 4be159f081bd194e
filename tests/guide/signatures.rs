//! The signatures of twelve published models: a golden list, reviewed by hand.

use std::fmt::Write as _;

use cog_kit::guide::{Level, check};

use crate::support::{bless, root, shared_models};

#[test]
fn twelve_published_signatures_get_the_reviewed_findings() {
    let Some(folder) = shared_models() else {
        println!("skipped: the signatures of published models are not beside the crate; the fixtures are still tested");
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "py"));
    files.sort();
    let mut text = String::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let report = check(file.to_str().unwrap()).unwrap();
        for finding in report.findings().iter().filter(|finding| finding.level > Level::Hint) {
            writeln!(text, "{name}: {} {}: {}", finding.level, finding.code, finding.message).unwrap();
        }
    }
    let golden = root().join("tests/guide/golden/signatures.txt");
    if bless() {
        std::fs::write(&golden, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(golden).unwrap_or_default());
}

#[test]
fn python_and_its_document_get_the_same_findings() {
    let Some(folder) = shared_models() else {
        println!("skipped: the signatures of published models are not beside the crate");
        return;
    };
    for name in ["cog-sdxl", "cog-flux-DevLoraPredictor", "LLaVA", "SadTalker"] {
        let python = check(folder.join(format!("{name}.py")).to_str().unwrap()).unwrap();
        let model: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap()).unwrap();
        let document = serde_json::json!({ "components": { "schemas": model["schemas"] } });
        let codes = |findings: &[cog_kit::guide::Finding]| {
            let mut codes: Vec<_> = findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect();
            codes.sort();
            codes
        };
        assert_eq!(codes(python.findings()), codes(&cog_kit::guide::check_document(&document)), "{name}");
    }
}
