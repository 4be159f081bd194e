//! What Cog's own code says of small predictors and cog.yaml files, and what the linter says of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cog_kit::guide::{Finding, Level, check};

use crate::support::shared;

/// One row of the table: what Cog said of a file.
struct Verdict {
    name: String,
    kind: String,
    verdict: String,
    message: String,
}

/// Differences that are right as they are, and why.
const EXPLAINED: &[(&str, &str)] =
    &[("read_yaml_no_target", "no file of its own: it is `run_missing` once more, where the missing reference is an error")];

/// Words of the table that say that something is lost.
const LOST: &[&str] = &[
    "silently dropped",
    "left out of the schema",
    "unknown key",
    "unknown (misspelt)",
    "keep the inner",
    "quotes and the gap",
    "stay raw",
    "stays in the value",
    "dropped, ",
    "choices vanish",
    "positional",
    "** argument",
    "can never apply",
    "None default",
    "overwrites",
    "FIRST class",
    "becomes 1",
    "IS required",
    "dropped as unknown",
];

fn folder() -> Option<PathBuf> {
    shared("conformance/verdicts")
}

fn table(folder: &Path, file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn verdicts(folder: &Path) -> Vec<Verdict> {
    let rows = table(folder, "verdicts.tsv").into_iter();
    rows.map(|row| Verdict { name: row[0].clone(), kind: row[1].clone(), verdict: row[2].clone(), message: row[3].clone() }).collect()
}

fn copy_all(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !wanted(&name) {
            continue;
        }
        if entry.path().is_dir() {
            copy_all(&entry.path(), &to.join(&name), &|_| true);
        } else {
            std::fs::copy(entry.path(), to.join(&name)).unwrap();
        }
    }
}

/// The findings of a predictor with the files beside it that several of them import.
fn findings_of_model(folder: &Path, name: &str, mode: &str, reference: &str) -> Vec<Finding> {
    let scratch = tempfile::tempdir().unwrap();
    let file = format!("{name}.py");
    copy_all(&folder.join("models"), scratch.path(), &|found| found == file || found.starts_with("sib") || found == "transformers.py");
    let text = format!("build:\n  python_version: \"3.12\"\n{mode}: \"{reference}\"\n");
    std::fs::write(scratch.path().join("cog.yaml"), text).unwrap();
    check(scratch.path().to_str().unwrap()).unwrap().findings().to_vec()
}

/// The findings in a cog.yaml beside files that it may name.
fn findings_of_yaml(folder: &Path, name: &str) -> Vec<Finding> {
    let scratch = tempfile::tempdir().unwrap();
    let runner = "from cog import BaseRunner, Input\n\n\nclass Runner(BaseRunner):\n    def run(self, text: str = Input(description=\"What to write about.\")) -> str:\n        return text\n\n\nPredictor = Runner\n";
    std::fs::create_dir(scratch.path().join("src")).unwrap();
    for (path, text) in [
        ("run.py", runner),
        ("predict.py", runner),
        ("src/run.py", runner),
        ("train.py", "def train(n: int) -> str:\n    return \"\"\n"),
        ("requirements.txt", "numpy==1.26.4\n"),
    ] {
        std::fs::write(scratch.path().join(path), text).unwrap();
    }
    std::fs::copy(folder.join("cog_yaml").join(format!("{name}.yaml")), scratch.path().join("cog.yaml")).unwrap();
    let report = check(scratch.path().to_str().unwrap()).unwrap();
    // Whether the reference leads anywhere is another question than whether the file is refused.
    report.findings().iter().filter(|finding| finding.place.file.ends_with("cog.yaml") && finding.code != "CK804").cloned().collect()
}

/// What the linter should have said, if it did not.
fn difference(verdict: &Verdict, findings: &[Finding]) -> Option<String> {
    let errors: Vec<_> = findings.iter().filter(|finding| finding.level == Level::Error).collect();
    let shown: Vec<_> = errors.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect();
    let refused_by_python = errors.iter().any(|finding| finding.code == "CK002") && verdict.kind != "yaml";
    match verdict.verdict.as_str() {
        "refuses" if errors.is_empty() => Some("no error".to_owned()),
        "accepts" | "warns" if !errors.is_empty() && !refused_by_python => Some(format!("errors: {shown:?}")),
        "warns" if findings.is_empty() => Some("not even a hint".to_owned()),
        "accepts" if LOST.iter().any(|words| verdict.message.contains(words)) && !refused_by_python => {
            let warned =
                findings.iter().any(|finding| finding.level >= Level::Warning && !["CK201", "CK402", "CK210"].contains(&finding.code));
            (!warned).then(|| "no warning".to_owned())
        }
        _ => None,
    }
}

#[test]
fn the_linter_says_what_cog_says() {
    let Some(folder) = folder() else {
        println!("skipped: the verdicts of Cog are not beside the crate; the fixtures hold the same kinds");
        return;
    };
    let references = table(&folder, "refs.tsv");
    let mut text = String::new();
    let (mut count, mut different) = (0, 0);
    for verdict in verdicts(&folder).iter().filter(|verdict| !EXPLAINED.iter().any(|(name, _)| *name == verdict.name)) {
        let findings = if verdict.kind == "yaml" {
            findings_of_yaml(&folder, &verdict.name)
        } else {
            let Some(row) = references.iter().find(|row| row[0] == verdict.name) else { continue };
            findings_of_model(&folder, &verdict.name, &row[1], &row[2])
        };
        count += 1;
        if let Some(difference) = difference(verdict, &findings) {
            different += 1;
            writeln!(text, "{} ({}): Cog {} ({}); found {difference}", verdict.name, verdict.kind, verdict.verdict, verdict.message)
                .unwrap();
        }
    }
    println!("{count} verdicts, {different} differences");
    assert!(different == 0 && count > 500, "{count} verdicts, {different} differences:\n{text}");
}
