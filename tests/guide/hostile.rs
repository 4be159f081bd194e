//! Any bytes give findings or a clear error; nothing panics, overflows the stack or takes for ever.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cog_kit::guide::{Config, Format, Level, check};
use proptest::prelude::*;

/// Checks a folder with these files, prints the report in every format and follows every fix.
fn survive(files: &[(&str, &[u8])]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let target = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let targets = files.iter().map(|(name, _)| target(name)).chain([target("")]);
    for target in targets {
        match check(&target) {
            Ok(report) => {
                for format in [Format::Text { colour: true }, Format::Json, Format::Github, Format::Sarif] {
                    assert!(report.render(format).is_char_boundary(0));
                }
                report.fix().unwrap();
            }
            Err(error) => assert!(!error.to_string().is_empty() && error.code().starts_with("guide.")),
        }
    }
}

const COG_YAML: &[u8] = b"build:\n  python_version: '3.12'\n  python_requirements: requirements.txt\npredict: predict.py:Predictor\n";
const PREDICT: &[u8] = b"class Predictor:\n    def predict(self, a: str) -> str:\n        return a\n";

/// Pieces that lead deep into the readers and rules.
fn python() -> impl Strategy<Value = String> {
    let pieces = [
        "class Predictor(BasePredictor):\n",
        "    def predict(self, ",
        "    def setup(self):\n",
        "    ) -> str:\n",
        "from cog import Input, Path\n",
        "from PIL import Image\n",
        "import cv2\n",
        "image: Path = Input(",
        "seed: int = Input(",
        "x: Optional[list[",
        "]",
        ")",
        ",",
        "default=",
        "description=",
        "ge=",
        "le=",
        "choices=[",
        "\"",
        "'",
        "\"\"\"",
        "f\"{",
        "}\"",
        "r'",
        "\\n",
        "None",
        "-",
        "1e999",
        "0x",
        "9999999999999999999999",
        "é",
        "\u{202e}",
        "\0",
        "Image.open(",
        ".convert(\"RGB\")",
        ".resize((",
        "mask",
        " = ",
        "width % 8",
        " // 8 * 8",
        "os.urandom(2)",
        "from_pretrained(\"a/b\")",
        "torch.load(",
        "# cog-kit: allow(CK101",
        ", ",
        "\n",
        "        ",
        "\t",
        "lambda: ",
        "|",
        "{",
        "*",
        "**kwargs",
        "async ",
        "@",
        ":",
        "+",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60).prop_map(|pieces| pieces.concat())
}

fn lines() -> impl Strategy<Value = String> {
    let pieces = [
        "opencv-python",
        "==",
        ">=",
        "1.0",
        "git+https://h.io/a/b",
        "@",
        "#egg=",
        "[",
        "]",
        ";",
        "\n",
        "\r\n",
        " ",
        "-r ",
        "requirements.txt",
        "-e ",
        "\\",
        "é",
        "\0",
        "build:",
        "run:",
        "- ",
        "predict: ",
        "predict.py:Predictor",
        "image: ",
        "r8.im/A_b/C_d:",
        "&a ",
        "*a",
        "{",
        "}",
        "<<: ",
        "|\n",
        "\"",
        "'",
        "# cog-kit: allow(",
        "CK602)",
        "python_packages:",
        "  ",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_survived_as_any_file(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        survive(&[("predict.py", &bytes)]);
        survive(&[("cog.yaml", &bytes), ("predict.py", PREDICT)]);
        survive(&[("cog.yaml", COG_YAML), ("predict.py", PREDICT), ("requirements.txt", &bytes), ("README.md", &bytes)]);
        survive(&[("openapi.json", &bytes), ("Cargo.toml", &bytes), ("cog-kit.toml", &bytes)]);
    }

    #[test]
    fn any_python_like_text_is_survived(text in python()) {
        survive(&[("predict.py", text.as_bytes())]);
    }

    #[test]
    fn any_text_is_survived_as_requirements_and_configuration(text in lines()) {
        survive(&[("cog.yaml", COG_YAML), ("predict.py", PREDICT), ("requirements.txt", text.as_bytes())]);
        survive(&[("cog.yaml", text.as_bytes()), ("predict.py", PREDICT), ("requirements.txt", b"")]);
    }

    #[test]
    fn any_property_of_a_document_is_survived(value in json()) {
        let document = serde_json::json!({ "components": { "schemas": { "Input": { "properties": { "a": value, "é": {"allOf": [value]} }, "required": value }, "a": value } } });
        cog_kit::guide::check_document(&document, &Config::default());
        cog_kit::guide::check_document(&value, &Config::default());
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let keys = [
        "type",
        "format",
        "default",
        "enum",
        "minimum",
        "maximum",
        "minLength",
        "x-order",
        "allOf",
        "$ref",
        "items",
        "anyOf",
        "nullable",
        "description",
        "title",
    ];
    let words = ["string", "integer", "array", "uri", "#/components/schemas/a", "", "é"];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        prop::sample::select(words.to_vec()).prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        let map = prop::collection::btree_map(prop::sample::select(keys.to_vec()), inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Into::into),
            map.prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

#[test]
fn a_hundred_thousand_levels_do_not_overflow_the_stack() {
    for open in ["(", "[", "{", "f(", "a.", "-", "not ", "lambda: ", "x[", "a if b else ", "if x:\n", "\"\"", "f'{", "list["] {
        let deep = open.repeat(100_000);
        let parameter = format!("class Predictor:\n    def predict(self, a: {deep}");
        let default = format!("class Predictor:\n    def predict(self, a: str = Input(default={deep}");
        survive(&[("predict.py", deep.as_bytes())]);
        survive(&[("predict.py", parameter.as_bytes())]);
        survive(&[("predict.py", default.as_bytes())]);
    }
    for open in ["[", "{\"a\":", "- ", "a = [", "[a.", "{a: ", "a:\n ", "? "] {
        let deep = open.repeat(100_000);
        survive(&[("openapi.json", deep.as_bytes())]);
        survive(&[("cog.yaml", deep.as_bytes())]);
        survive(&[("Cargo.toml", deep.as_bytes())]);
    }
}

#[test]
fn requirements_that_include_themselves_end() {
    survive(&[
        ("cog.yaml", COG_YAML),
        ("predict.py", PREDICT),
        ("requirements.txt", b"-r requirements.txt\n-r other.txt\n"),
        ("other.txt", b"-r requirements.txt\n-r ./other.txt\ntorch\n"),
    ]);
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("predict.py");
    std::fs::write(&file, vec![b'#'; (1 << 20) + 1]).unwrap();
    let report = check(file.to_str().unwrap()).unwrap();
    assert_eq!(report.findings().iter().map(|finding| finding.code).collect::<Vec<_>>(), ["CK002"]);
}

#[test]
fn folders_pipes_and_other_bytes_in_place_of_files_are_findings() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("cog.yaml"), COG_YAML).unwrap();
    std::fs::write(path("predict.py"), PREDICT).unwrap();
    std::fs::create_dir(path("README.md")).unwrap();
    let codes = || {
        check(folder.path().to_str().unwrap())
            .unwrap()
            .findings()
            .iter()
            .map(|finding| (finding.code, finding.place.file.rsplit('/').next().unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    let has = |code: &'static str, file: &str| codes().contains(&(code, file.to_owned()));
    std::fs::write(path("requirements.txt"), b"\xff\xfen\0u\0m\0p\0y\0\r\0\n\0").unwrap();
    assert!(
        has("CK002", "requirements.txt") && has("CK601", "requirements.txt") && has("CK201", "predict.py") && has("CK002", "README.md"),
        "{:?}",
        codes()
    );
    std::fs::write(path("requirements.txt"), b"caf\xe9\n").unwrap();
    assert!(has("CK002", "requirements.txt") && has("CK201", "predict.py"), "{:?}", codes());
    std::fs::remove_file(path("requirements.txt")).unwrap();
    assert!(has("CK801", "cog.yaml") && has("CK201", "predict.py"), "{:?}", codes());
    std::fs::remove_file(path("predict.py")).unwrap();
    std::fs::create_dir(path("predict.py")).unwrap();
    assert!(has("CK002", "predict.py"), "{:?}", codes());
    std::fs::remove_file(path("cog.yaml")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(path("cog.yaml")).status();
    if pipe.is_ok_and(|status| status.success()) {
        assert!(has("CK002", "cog.yaml"), "{:?}", codes());
    } else {
        println!("skipped: there is no mkfifo here");
    }
}

#[test]
fn every_target_without_a_model_has_a_clear_error() {
    let (folder, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for (target, code) in [
        (folder.path().join("nothing").to_str().unwrap().to_owned(), "guide.not_a_model"),
        (empty.path().to_str().unwrap().to_owned(), "guide.not_a_model"),
        (file("notes.doc", ""), "guide.not_a_model"),
        ("https://example.com/openapi.json".to_owned(), "guide.unsupported_address"),
    ] {
        assert_eq!(check(&target).unwrap_err().code(), code, "{target}");
    }
    // What is there and is not right is a finding at its place.
    for (target, code, line) in [
        (file("empty.py", "x = 1\n"), "CK804", 1),
        (file("cog.yaml", "build:\n  python_version: '3.12'\n"), "CK804", 1),
        (file("model.yaml", "predict: notes.doc:Predictor\n"), "CK801", 1),
        (file("missing.yaml", "build:\n  python_version: '3.12'\nrun: missing.py:Runner\n"), "CK804", 3),
        (file("other.yaml", "run: run.py\n"), "CK801", 1),
        (file("broken.yaml", "a: 1\nb: [\n"), "CK002", 3),
        (file("broken.json", "{"), "CK002", 1),
        (file("other.json", "{}"), "CK002", 1),
        (file("Cargo.toml", "a = = 1"), "CK002", 1),
    ] {
        let report = check(&target).unwrap();
        let errors: Vec<_> = report
            .findings()
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .map(|finding| (finding.code, finding.place.line))
            .collect();
        assert_eq!(errors, [(code, line)], "{target}");
    }
    for text in ["level = \"loud\"", "allow = [\"CK999\"]", "unknown = 1", "[levels]\nCK101 = 1", "allow = [1]"] {
        let error = Config::read(file("cog-kit.toml", text).as_ref()).unwrap_err();
        assert_eq!(error.code(), "guide.config", "{text}");
    }
}

/// Two thousand lines with a bit of everything.
fn long_file() -> String {
    let mut text = String::from_utf8_lossy(PREDICT).into_owned();
    while text.lines().count() < 2_000 {
        let number = text.len();
        writeln!(
            text,
            "\ndef helper_{number}(image, width: int = {number}):\n    picture = Image.open(image).convert(\"RGB\")\n    width = width - width % 8\n    for index in range(10):\n        \
             picture = picture.resize((width, width), Image.LANCZOS)  # note\n    return {{'a': [picture, width], 'b': f\"{{width}} {{index}}\"}}"
        )
        .unwrap();
    }
    text
}

#[test]
fn the_time_for_two_thousand_lines_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("predict.py");
    std::fs::write(&file, long_file()).unwrap();
    let best = (0..5).map(|_| {
        let start = Instant::now();
        check(file.to_str().unwrap()).unwrap();
        start.elapsed()
    });
    let best = best.min().unwrap_or(Duration::MAX);
    println!("2,000 lines of Python: {:.1} ms", best.as_secs_f64() * 1000.0);
    // No limit on speed here, machines differ; this one only says that nothing is quadratic.
    assert!(best < Duration::from_secs(5));
}
