//! SARIF 2.1.0, the form that code scanning takes.

use serde_json::{Value, json};

use super::super::check::{Report, rules};
use super::super::finding::{Finding, Level};

pub(super) fn render(report: &Report) -> String {
    let known: Vec<_> = rules().collect();
    let rules: Vec<Value> = known
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "helpUri": page(rule.code),
                "shortDescription": { "text": rule.why },
                "help": { "text": rule.page, "markdown": rule.page },
                "defaultConfiguration": { "level": level(rule.level) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let mut result = result(finding);
            result["ruleIndex"] = known.iter().position(|rule| rule.code == finding.code).into();
            result
        })
        .collect();
    let driver = json!({ "name": "cog-kit", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    format!("{document:#}\n")
}

/// The address of a rule's page.
pub(super) fn page(code: &str) -> String {
    format!("{}/blob/main/docs/rules/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "note",
    }
}

fn result(finding: &Finding) -> Value {
    let place = &finding.place;
    let artifact = json!({ "uri": uri(&place.file) });
    let region = json!({
        "startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column,
    });
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.level),
        "message": { "text": format!("{}. {} Instead: {}", finding.message, finding.why, finding.instead) },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact, "region": region } }],
    });
    if let Some(edit) = &finding.fix {
        let replacement = json!({
            "deletedRegion": { "byteOffset": edit.span.start, "byteLength": edit.span.len() },
            "insertedContent": { "text": edit.text },
        });
        let change = json!({ "artifactLocation": { "uri": uri(&edit.file) }, "replacements": [replacement] });
        result["fixes"] = json!([{ "description": { "text": finding.instead }, "artifactChanges": [change] }]);
    }
    result
}

/// A path as the relative reference that SARIF asks for.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b':' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_relative_references() {
        assert_eq!(super::uri("a b/é.py"), "a%20b/%C3%A9.py");
    }
}
