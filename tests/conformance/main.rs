//! Signatures become Rust structs, all of them in one crate, and their schemas are held against those that Cog prints.
//!
//! A signature is a JSON file: `name`, `inputs` (name, type, optional, and the keywords of Cog's `Input`), `output`, `models` (types of the
//! runner's own), `streaming`, and `schemas`, which are the components that Cog prints, without the constant ones. `signature.py` writes one.
//! `make conformance FILES=…` does the same for any files.
#![cfg(all(feature = "serve", feature = "image"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at what it does not expect")]

mod generate;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// Signatures that Rust refuses, and why.
const REFUSED: &[(&str, &str)] = &[
    ("choicename_Output", "an input with choices called `Output` overwrites the component `Output`"),
    ("choicename_Status", "an input with choices called `Status` overwrites the component `Status`"),
    ("floatchoice", "choices are texts or whole numbers: Cog's own inspector refuses floats"),
    ("list_ge", "`ge` and `le` on a list say nothing: no validator reads them there"),
];

/// Components that are the same for every model.
const CONSTANT: &[&str] = &["PredictionRequest", "PredictionResponse", "Status", "HTTPValidationError", "ValidationError"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder that end in `.json`, sorted; none if there is no folder.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    files
}

/// The signatures to be compared: those in `COG_KIT_CONFORMANCE`, or our own and those beside the project.
fn signatures() -> Vec<Value> {
    let files = match env::var("COG_KIT_CONFORMANCE") {
        Ok(files) if !files.trim().is_empty() => files.split_whitespace().map(|file| root().join(file)).collect(),
        _ => {
            let mut files = json_files(&root().join("tests/conformance/signatures"));
            let models = json_files(&root().join("../shared/conformance/models"));
            if models.is_empty() {
                println!("skipped: the signatures of published models are not beside the project");
            }
            files.extend(models);
            files
        }
    };
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    files.iter().map(read).collect()
}

/// Compiles all signatures in one crate and returns the documents that it prints, in the same order.
fn documents(signatures: &[&Value]) -> Vec<Value> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folder = target.join("tests/conformance");
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    // The same profiles, so that what is built already serves here too.
    let profiles = manifest.find("[profile.").map_or("", |start| &manifest[start..]);
    let text = format!(
        "[package]\nname = \"conformance\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\ncog-kit = {{ path = {:?} }}\nserde_json = \"1\"\n\n{profiles}",
        root()
    );
    fs::write(folder.join("Cargo.toml"), text).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("src/main.rs"), generate::program(signatures)).unwrap();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What cargo says of this test is not to be mistaken for what it says of the crates that are built.
    for (key, _) in env::vars_os().filter(|(key, _)| key.to_str().is_some_and(|key| key.starts_with("CARGO_") && key != "CARGO_HOME")) {
        command.env_remove(key);
    }
    let output = command.args(["run", "--quiet", "--offline", "--target-dir"]).arg(target).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn documents_are_those_that_cog_prints() {
    let signatures = signatures();
    let name = |signature: &Value| signature["name"].as_str().unwrap().to_owned();
    let refused = |signature: &Value| REFUSED.iter().find(|(refused, _)| *refused == name(signature));
    let (left_out, compared): (Vec<&Value>, Vec<&Value>) = signatures.iter().partition(|signature| refused(signature).is_some());
    for signature in &left_out {
        println!("left out: {}: {}", name(signature), refused(signature).unwrap().1);
    }
    let mut wrong = Vec::new();
    for (signature, mut document) in compared.iter().zip(documents(&compared)) {
        let streaming = document["paths"]["/predictions"]["post"]["x-cog-streaming"] == true;
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        schemas.retain(|name, _| !CONSTANT.contains(&name.as_str()));
        // Maps are sorted by key on both sides, so this is equality byte for byte.
        let (found, expected) = (serde_json::to_string(schemas).unwrap(), signature["schemas"].to_string());
        if found != expected || streaming != (signature["streaming"] == true) {
            wrong.push(format!("{}\n  found    {found}\n  expected {expected}", name(signature)));
        }
    }
    println!("{} of {} equal, {} left out", compared.len() - wrong.len(), compared.len(), left_out.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
