//! The command line of a predictor binary.

mod support;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use support::{program, run};

/// Runs a program with a text on stdin.
fn run_with_stdin(name: &str, arguments: &[&str], folder: &Path, text: &str) -> Output {
    let mut child = Command::new(program(name))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn inputs_come_from_arguments_json_files_and_stdin() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inputs.json"), r#"{"name": "file"}"#).unwrap();
    fs::write(folder.path().join("name.txt"), "text file").unwrap();
    for (arguments, stdin, expected) in [
        (vec!["-i", "name=Ada"], "", "hello Ada\n"),
        (vec!["-i", "name=@name.txt"], "", "hello text file\n"),
        (vec!["-i", "name=@-"], "stdin", "hello stdin\n"),
        (vec!["--json", r#"{"name": "json"}"#], "", "hello json\n"),
        (vec!["--json", "@inputs.json"], "", "hello file\n"),
        (vec!["--json", "-"], r#"{"name": "piped"}"#, "hello piped\n"),
        (vec!["--json", "@-"], r#"{"name": "piped"}"#, "hello piped\n"),
        (vec!["--json", r#"{"name": "json"}"#, "-i", "name=on top"], "", "hello on top\n"),
    ] {
        let output = run_with_stdin("02_hello", &[&["predict"], arguments.as_slice()].concat(), folder.path(), stdin);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        assert_eq!(text(&output.stdout), expected, "{arguments:?}");
    }
    let output = run_with_stdin("misbehave", &["predict", "-i", "act=file", "-i", "file=@-"], folder.path(), "12345");
    assert!(text(&output.stdout).trim_end().ends_with(" 5"), "{output:?}");
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, code, expected) in [
        (vec!["predict", "--json", "[1]"], 2, "--json: expected a JSON object"),
        (vec!["predict", "--json", r#"{"nam": 1}"#], 2, "there is no input `nam`; the inputs are name"),
        (vec!["predict", "--json", r#"{"name": 1}"#], 2, "name: 1 is not of type \"string\""),
        (vec!["predict", "--json", "@missing.json"], 2, "`missing.json` could not be read"),
        (vec!["serve", "--x-mode", "train"], 2, "this model has no training"),
        (vec!["train"], 2, "this model has no training"),
        (vec!["schema", "--check", "missing.json"], 1, "`missing.json` could not be read"),
    ] {
        let output = run("02_hello", &arguments, folder.path());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        assert!(text(&output.stderr).starts_with("error: ") && text(&output.stderr).contains(expected), "{arguments:?}: {output:?}");
    }
}

#[test]
fn the_variable_for_public_urls_holds_on_the_command_line_too() {
    let command = |value: &str| {
        let arguments = ["predict", "-i", "act=file", "-i", "file=http://127.0.0.1:1/a"];
        let output = Command::new(program("misbehave")).args(arguments).env("COG_KIT_PUBLIC_URLS_ONLY", value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        text(&output.stderr).to_owned()
    };
    assert!(command("1").contains("found the loopback address 127.0.0.1"));
    assert!(command("0").contains("Connection refused"));
}

#[test]
fn several_files_take_an_item_each() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["predict", "-i", "what=files", "-i", "count=2", "-o", "a.txt", "-o", "b.txt"];
    let output = run("deliver", &arguments, folder.path());
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert_eq!(fs::read_to_string(folder.path().join("b.txt")).unwrap(), "item 1");

    let output = run("deliver", &["predict", "-i", "what=files", "-o", "c.txt"], folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(fs::read_to_string(folder.path().join("c.2.txt")).unwrap(), "item 2");

    let output = run("deliver", &["predict", "-i", "what=files", "-o", "a.txt", "-o", "b.txt"], folder.path());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("found 3 items of output, expected 2"), "{output:?}");
}

#[test]
fn an_output_of_nothing_is_an_empty_list_or_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = run("deliver", &["predict", "-i", "what=nothing", "-o", "list.json"], folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(fs::read_to_string(folder.path().join("list.json")).unwrap(), "[]");

    let output = run("misbehave", &["predict", "-i", "act=none"], folder.path());
    // Its setup prints that much.
    assert!(output.status.success() && text(&output.stdout) == "setting up\n", "{output:?}");
    assert!(text(&output.stderr).ends_with("No output generated\n"), "{output:?}");
}

#[test]
fn logs_and_metrics_go_to_stderr() {
    let output = run("misbehave", &["predict", "-i", "act=metrics"], Path::new("."));
    assert!(text(&output.stderr).contains("told to metrics\n") && text(&output.stderr).contains("metric tokens"), "{output:?}");
    assert!(!text(&output.stdout).contains("told"), "{output:?}");
}

#[test]
fn a_stale_schema_fails_with_the_difference() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run("02_hello", &["schema", "--output", "schema.json"], folder.path()).status.success());
    assert!(run("02_hello", &["schema", "--check", "schema.json"], folder.path()).status.success());

    let path = folder.path().join("schema.json");
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    fs::write(&path, document.to_string()).unwrap();
    assert!(run("02_hello", &["schema", "--check", "schema.json"], folder.path()).status.success(), "the form does not matter");

    // Two places far apart: what lies between them is not shown.
    document["components"]["schemas"]["Input"]["properties"]["name"]["default"] = json!("you");
    document["info"]["version"] = json!("0");
    fs::write(&path, document.to_string()).unwrap();
    let output = run("02_hello", &["schema", "--check", "schema.json"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    let difference = text(&output.stderr);
    let lines: Vec<&str> = difference.lines().collect();
    let place = "components.schemas.Input.properties.name.default";
    assert_eq!(lines[..2], [format!("- {place}: \"you\""), format!("+ {place}: \"world\"")], "{difference}");
    assert!(lines[2] == "- info.version: \"0\"" && lines[3].starts_with("+ info.version: "), "{difference}");
    assert_eq!(lines[4..], ["error: `schema.json` is stale; write it again with `schema --output`"], "{difference}");
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run("02_hello", &["completions", shell], Path::new("."));
        assert!(text(&output.stdout).contains("dockerfile"), "{shell}");
    }
}

#[test]
fn the_dockerfile_holds_the_schema_and_a_shim_that_answers_as_python() {
    let output = run("02_hello", &["dockerfile", "--bin", "hello"], Path::new("."));
    let dockerfile = text(&output.stdout);
    let label = |name: &str| -> String {
        let line = dockerfile.lines().find_map(|line| line.strip_prefix(&format!("LABEL run.cog.{name}="))).unwrap();
        serde_json::from_str(&line.replace("\\$", "$")).unwrap()
    };
    let schema: Value = serde_json::from_slice(&run("02_hello", &["schema"], Path::new(".")).stdout).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&label("openapi_schema")).unwrap(), schema);
    assert_eq!(schema["info"]["version"], json!(label("version")));
    assert_eq!(serde_json::from_str::<Value>(&label("config")).unwrap()["predict"], "run.py:Runner");

    let folder = tempfile::tempdir().unwrap();
    let shim = dockerfile.split("<<'SHIM' /usr/local/bin/python\n").nth(1).unwrap().split("SHIM\n").next().unwrap();
    let shim = shim.replace("exec hello", &format!("exec {}", program("02_hello").display()));
    fs::write(folder.path().join("python"), shim).unwrap();
    let python = |arguments: &[&str]| Command::new("sh").arg("python").args(arguments).current_dir(folder.path()).output().unwrap();
    let freeze = python(&["-m", "pip", "freeze"]);
    assert!(freeze.status.success() && freeze.stdout.is_empty(), "{freeze:?}");
    let serve = python(&["--check-hash-based-pycs", "never", "-m", "cog.server.http", "--await-explicit-shutdown", "true", "--help"]);
    assert!(serve.status.success() && text(&serve.stdout).contains("--upload-url"), "{serve:?}");
    assert_eq!(python(&["-m", "cog.server.http", "--x-mode", "train"]).status.code(), Some(2));
    assert_eq!(python(&["-c", "print(1)"]).status.code(), Some(127));
}
