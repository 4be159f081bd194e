//! The program: exit codes, formats, fixes, silences, configuration, addresses.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const BAD: &str = "tests/guide/fixtures/CK602/bad";
const CLEAN: &str = "tests/guide/fixtures/CK101/good";
const HINT: &str = "tests/guide/fixtures/CK105/bad";
const ERROR: &str = "tests/guide/fixtures/CK412/bad";

fn run(arguments: &[&str]) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_cog-kit")).current_dir(env!("CARGO_MANIFEST_DIR")).arg("check").args(arguments).output();
    program.unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn copy(from: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(from)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

#[test]
fn the_exit_code_says_what_was_found() {
    for (arguments, code) in [
        (&[CLEAN][..], 0),
        (&[BAD], 1),
        (&[HINT], 0),
        (&[HINT, "--level", "hint"], 1),
        (&[BAD, "--level", "error"], 0),
        (&[ERROR, "--level", "error"], 1),
        (&[CLEAN, BAD], 1),
        (&["tests/guide/nowhere"], 2),
        (&[CLEAN, "tests/guide/nowhere"], 2),
        (&[BAD, "--ignore", "CK6"], 0),
        (&[BAD, "--select", "opencv-with-windows"], 1),
        (&[BAD, "--select", "CK1,CK2"], 0),
        (&["--level", "loud"], 2),
        (&["--explain", "CK999"], 2),
    ] {
        assert_eq!(run(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn the_example_in_python_is_clean_hints_included() {
    let output = run(&["examples/inpaint", "--level", "hint"]);
    assert_eq!((output.status.code(), text(&output).as_str()), (Some(0), "no findings\n"));
}

#[test]
fn errors_go_to_stderr_with_their_code() {
    let output = run(&["tests/guide/nowhere"]);
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error[guide.not_a_model]: `tests/guide/nowhere` is not a model"));
    assert!(output.stdout.is_empty());
}

#[test]
fn every_rule_is_explained_by_code_and_by_name() {
    for rule in cog_kit::guide::rules() {
        for called in [rule.code, rule.name] {
            let output = run(&["--explain", called]);
            assert_eq!((output.status.code(), text(&output).as_str()), (Some(0), rule.page), "{called}");
        }
    }
    assert_eq!(text(&run(&["--rules"])).lines().count(), cog_kit::guide::rules().count());
}

#[test]
fn a_target_that_cannot_be_checked_leaves_the_others_and_the_form() {
    for format in ["json", "sarif"] {
        for targets in [&["tests/guide/nowhere", BAD][..], &["tests/guide/nowhere"]] {
            let output = run(&[targets, &["--format", format]].concat());
            let document: Value = serde_json::from_str(&text(&output)).unwrap();
            let found = if format == "json" { &document["findings"] } else { &document["runs"][0]["results"] };
            assert_eq!(found.as_array().unwrap().is_empty(), targets.len() == 1, "{format} {targets:?}");
            assert_eq!(output.status.code(), Some(2));
        }
    }
}

#[test]
fn hints_can_be_hidden_and_findings_counted() {
    assert!(text(&run(&[HINT])).contains("hint[") && !text(&run(&[HINT, "--show", "warning"])).contains("hint["));
    assert_eq!(text(&run(&[ERROR, "--statistics", "--select", "CK412"])), "    3 CK412 default-of-other-type\n");
}

#[test]
fn text_is_coloured_only_when_asked_or_on_a_terminal() {
    assert!(!text(&run(&[BAD])).contains('\x1b'));
    assert!(text(&run(&[BAD, "--color", "always"])).contains("\x1b[1;33mwarning[CK602]"));
}

#[test]
fn json_has_every_field() {
    let report: Value = serde_json::from_str(&text(&run(&[BAD, "--format", "json"]))).unwrap();
    assert_eq!((&report["version"], &report["warnings"]), (&1.into(), &1.into()));
    let finding = &report["findings"][0];
    assert_eq!(finding["code"], "CK602");
    assert_eq!(finding["file"], "tests/guide/fixtures/CK602/bad/requirements.txt");
    assert_eq!((&finding["line"], &finding["column"], &finding["end_column"]), (&1.into(), &1.into(), &14.into()));
    assert_eq!(finding["fix"]["text"], "opencv-python-headless");
}

#[test]
fn github_gets_one_annotation_a_line() {
    let printed = text(&run(&[BAD, ERROR, "--format", "github"]));
    let lines: Vec<_> = printed.lines().collect();
    assert!(lines[0].starts_with("::warning file=tests/guide/fixtures/CK602/bad/requirements.txt,line=1,endLine=1,col=1,endColumn=14,title=CK602 opencv-with-windows::"));
    assert!(lines[1].starts_with("::error file=tests/guide/fixtures/CK412/bad/predict.py,line="));
}

#[test]
fn sarif_names_every_rule_and_place() {
    let report: Value = serde_json::from_str(&text(&run(&[BAD, "--format", "sarif"]))).unwrap();
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), cog_kit::guide::rules().count());
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], result["ruleId"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "tests/guide/fixtures/CK602/bad/requirements.txt");
    assert_eq!(place["region"]["startLine"], 1);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]["byteLength"], 13);
}

#[test]
fn fix_changes_what_is_safe_and_nothing_else() {
    let folder = copy(BAD);
    let requirements = folder.path().join("requirements.txt");
    std::fs::write(&requirements, "torch\n# é\nOpenCV_Python==4.10.0.84  # note\n").unwrap();
    let output = run(&[folder.path().to_str().unwrap(), "--fix"]);
    assert_eq!(std::fs::read_to_string(&requirements).unwrap(), "torch\n# é\nopencv-python-headless==4.10.0.84  # note\n");
    assert!(!text(&output).contains("CK602") && text(&output).contains("CK601"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn comments_silence_their_line_and_the_line_below() {
    let folder = copy(BAD);
    let requirements = folder.path().join("requirements.txt");
    for (content, code) in [
        ("opencv-python==4 # cog-kit: allow(CK602)\n", 0),
        ("# cog-kit: allow(opencv-with-windows)\nopencv-python==4\n", 0),
        ("# cog-kit: allow(CK602)\n# why\nopencv-python==4\n", 0),
        ("# cog-kit: allow(CK601)\nopencv-python==4\n", 1),
        ("# cog-kit: allow(CK602)\nnumpy==1\nopencv-python==4\n", 1),
    ] {
        std::fs::write(&requirements, content).unwrap();
        let output = run(&[folder.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(code), "{content}\n{}", text(&output));
    }
}

#[test]
fn a_comment_inside_an_input_silences_it_and_a_string_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("predict.py");
    let model = |inside: &str, text: &str| {
        format!(
            "class P:\n    def predict(self, strength: float = Input(  {inside}\n        description=\"How much to change it. {text}\",\n        default=0.5)) -> str:\n        pass\n"
        )
    };
    for (source, code) in [(model("", ""), 1), (model("# cog-kit: allow(CK402)", ""), 0), (model("", "# cog-kit: allow(CK402)"), 1)] {
        std::fs::write(&file, &source).unwrap();
        let output = run(&[file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(code), "{source}\n{}", text(&output));
    }
}

#[test]
fn the_configuration_silences_and_changes_levels() {
    let folder = copy(BAD);
    let target = folder.path().to_str().unwrap();
    for (content, code) in [
        ("allow = [\"CK602\"]\n", 0),
        ("[levels]\nopencv-with-windows = \"hint\"\n", 0),
        ("level = \"error\"\n", 0),
        ("level = \"error\"\n[levels]\nCK602 = \"error\"\n", 1),
        ("level = \n", 2),
    ] {
        std::fs::write(folder.path().join("cog-kit.toml"), content).unwrap();
        assert_eq!(run(&[target]).status.code(), Some(code), "{content}");
    }
    let other = folder.path().join("other.toml");
    std::fs::write(&other, "allow = [\"CK602\"]\n").unwrap();
    assert_eq!(run(&[target, "--config", other.to_str().unwrap()]).status.code(), Some(0));
}

/// Answers one request with this body, and hands out the address.
fn serve(body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/openapi.json", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = stream.write_all(&body);
    });
    address
}

#[test]
fn a_running_model_is_checked_by_its_address() {
    let document = r#"{"components":{"schemas":{"Input":{"properties":{"img":{"type":"string","format":"uri","description":"A JPEG of a face, upright.","x-order":0}},"required":["img"]}}}}"#;
    let address = serve(document.into());
    let output = run(&[&address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output).contains(&format!("warning[CK101]: the name of input `img` is abbreviated\n --> {address}:")),
        "{}",
        text(&output)
    );
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let output = run(&[&serve(vec![b' '; 3 << 20])]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error[guide.too_large]"));
}

#[test]
fn a_rust_model_is_checked_by_its_manifest_and_document() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"Face_Restorer\"\ndescription = \"Restores faces in old photos.\"\n\n[dependencies]\nanyhow = \"*\"\nfork = { git = \"https://h.io/a\", branch = \"main\" }\n";
    std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let document = r#"{"components":{"schemas":{"Input":{"properties":{"n":{"type":"integer","x-order":0}}}}}}"#;
    std::fs::write(folder.path().join("openapi.json"), document).unwrap();
    let report = cog_kit::guide::check(folder.path().to_str().unwrap()).unwrap();
    let codes: Vec<_> = report.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["CK103", "CK601", "CK605", "CK101", "CK201", "CK402"]);
}

#[test]
fn the_hook_and_the_action_call_the_program_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let action = std::fs::read_to_string(root.join("action.yml")).unwrap();
    for format in ["sarif", "github"] {
        assert!(action.contains(&format!("cog-kit check --format {format} ")));
        assert_eq!(run(&["--format", format, "--level", "warning", "--", CLEAN]).status.code(), Some(0));
    }
    assert!(std::fs::read_to_string(root.join(".pre-commit-hooks.yaml")).unwrap().contains("entry: cog-kit check\n"));
}
