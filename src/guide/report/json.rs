//! One JSON object with everything.

use serde_json::{Value, json};

use super::super::check::Report;
use super::super::finding::{Finding, Level};

pub(super) fn render(report: &Report) -> String {
    let findings: Vec<Value> = report.findings.iter().map(finding).collect();
    let document = json!({
        "version": 1,
        "errors": report.count(Level::Error),
        "warnings": report.count(Level::Warning),
        "hints": report.count(Level::Hint),
        "findings": findings,
    });
    format!("{document:#}\n")
}

fn finding(finding: &Finding) -> Value {
    let place = &finding.place;
    json!({
        "code": finding.code,
        "name": finding.name,
        "level": finding.level.as_str(),
        "url": super::sarif::page(finding.code),
        "message": finding.message,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "span": [place.span.start, place.span.end],
        "why": finding.why,
        "instead": finding.instead,
        "fix": finding.fix.as_ref().map(|edit| json!({ "file": edit.file, "span": [edit.span.start, edit.span.end], "text": edit.text })),
    })
}
