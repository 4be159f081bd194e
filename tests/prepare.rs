//! The example that prepares pictures, as a user meets it: on the command line, over HTTP, and as a schema.

mod support;

use std::path::Path;

use cog_kit::image::{Limits, Size, Source};
use serde_json::{Value, json};
use support::{Server, data_uri, from_data_uri, picture, run};

const EXAMPLE: &str = "01_prepare";

fn size_of(bytes: &[u8]) -> Size {
    Source::new(bytes, &Limits::default()).unwrap().info().size()
}

#[test]
fn a_photo_comes_back_upright_as_webp_with_sides_that_are_multiples_of_8() {
    let server = Server::start(EXAMPLE, &[]);
    let (status, body) = server.predict(json!({"image": data_uri(&picture("phone.jpg")), "max_side": 700}));
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
    let (kind, bytes) = from_data_uri(body["output"].as_str().unwrap());
    assert_eq!(kind, "image/webp");
    let size = size_of(&bytes);
    assert_eq!((size.width % 8, size.height % 8), (0, 0), "{size}");
    assert!(size.width > size.height && size.width <= 700, "{size}");
    assert!(body["logs"].as_str().unwrap().starts_with("JPEG 1600x1200 became "), "{body}");
}

#[test]
fn bad_input_is_told_by_name_and_the_server_stays_ready() {
    let server = Server::start(EXAMPLE, &[]);
    let photo = data_uri(&picture("phone.jpg"));
    let (status, body) = server.predict(json!({"image": photo, "max_side": 5}));
    assert_eq!(status, 422);
    assert_eq!(body["detail"][0]["loc"], json!(["body", "input", "max_side"]), "{body}");
    assert!(body["detail"][0]["msg"].as_str().unwrap().contains("16"), "{body}");

    let text = "data:text/plain;base64,aGVsbG8gdGhlcmU=".to_owned();
    for (given, found, expected) in [
        (text, "text", "JPEG"),
        (data_uri(&picture("truncated.jpg")), "cut short", "image"),
        ("/etc/passwd".to_owned(), "/etc/passwd", "http"),
        (data_uri(&picture("bomb.jpg")), "65535x65535", "limit"),
        ("data:image/png;base64,".to_owned(), "empty", "JPEG"),
    ] {
        let error = server.failure(json!({"image": given}));
        assert!(error.starts_with("image: ") && error.contains(found) && error.contains(expected), "{error}");
    }
    assert_eq!(server.health(), "READY");
    assert_eq!(server.predict(json!({"image": photo})).1["status"], "succeeded");
}

#[test]
fn the_served_schema_is_the_printed_one_and_the_one_that_cog_prints() {
    let server = Server::start(EXAMPLE, &[]);
    let served = server.get("/openapi.json");
    let printed: Value = serde_json::from_slice(&run(EXAMPLE, &["schema"], Path::new(".")).stdout).unwrap();
    assert_eq!(served, printed);
    let mut golden: Value = serde_json::from_str(include_str!("golden/prepare.json")).unwrap();
    golden["info"]["version"] = served["info"]["version"].clone();
    assert_eq!(served, golden);
}

#[test]
fn the_command_line_writes_the_prepared_picture() {
    let folder = tempfile::tempdir().unwrap();
    let image = format!("image=@{}", picture("phone.jpg").display());
    let output = run(EXAMPLE, &["predict", "-i", &image, "-i", "max_side=768", "-i", "multiple_of=8", "-o", "out.webp"], folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(size_of(&std::fs::read(folder.path().join("out.webp")).unwrap()), Size::new(768, 576));
    assert!(output.stdout.is_empty(), "logs and progress belong on stderr");

    let output = run(EXAMPLE, &["predict", "-i", &image, "-i", "output_format=png"], folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(size_of(&std::fs::read(folder.path().join("output.png")).unwrap()), Size::new(1024, 768));
}

#[test]
fn the_command_line_says_what_is_wrong_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let image = format!("image=@{}", picture("phone.jpg").display());
    for (arguments, code, expected) in [
        (vec!["-i", &image, "-i", "max_side=5"], 2, "max_side: 5 is less than the minimum of 16"),
        (vec!["-i", &image, "-i", "max_side=big"], 2, "max_side: found `big`, expected an integer"),
        (vec!["-i", &image, "-i", "size=5"], 2, "there is no input `size`; the inputs are image, max_side, multiple_of, output_format"),
        (vec!["-i", "image=@missing.jpg"], 2, "missing.jpg"),
        (vec!["-i", &image, "-i", "output_format=bmp"], 2, "output_format"),
        (vec![], 2, "image"),
        (vec!["-i", &image, "-o", "no/such/folder/out.webp"], 1, "no/such/folder/out.webp"),
    ] {
        let output = run(EXAMPLE, &[&["predict"], arguments.as_slice()].concat(), folder.path());
        let text = String::from_utf8(output.stderr).unwrap();
        let error = text.lines().find(|line| line.starts_with("error: ")).unwrap_or_else(|| panic!("{arguments:?}: {text}"));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(error.contains(expected), "{arguments:?}: {text}");
    }
}

#[test]
fn help_describes_the_inputs() {
    let output = run(EXAMPLE, &["predict", "--help"], Path::new("."));
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in ["image", "max_side", "Longest side of the result in pixels.", "webp, jpg, png", "--output"] {
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }
    let version = String::from_utf8(run(EXAMPLE, &["--version"], Path::new(".")).stdout).unwrap();
    assert!(version.contains(env!("CARGO_PKG_VERSION")) && version.contains("0.23.1"), "{version}");
}
