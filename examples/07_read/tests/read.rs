//! What the networks read in pictures. `scripts/test-network.sh` puts their weights where `READ_WEIGHTS` says.

use std::{path::Path, process::Command};

use serde_json::Value;

/// The lines in a picture.
fn read(picture: &Path) -> Vec<Value> {
    assert!(std::env::var_os("READ_WEIGHTS").is_some(), "READ_WEIGHTS is not set; run scripts/test-network.sh");
    let input = format!("image=@{}", picture.display());
    let output = Command::new(env!("CARGO_BIN_EXE_read")).args(["predict", "-i", &input]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Left, top, right and bottom of a line.
fn edges(line: &Value) -> [f64; 4] {
    let side = |name: &str| line[name].as_f64().unwrap();
    [side("left"), side("top"), side("left") + side("width"), side("top") + side("height")]
}

#[test]
fn a_sign_that_lies_on_its_side_is_read_upright_and_found_where_it_was_drawn() {
    let lines = read(&root().join("tests/pictures/sign.jpg"));
    let texts: Vec<&str> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Platform 7", "to the sea"]);
    // Where `draw.py` wrote them, by the outlines of the letters, give or take a stroke.
    for (line, drawn) in lines.iter().zip([[281.0, 194.0, 718.0, 267.0], [360.0, 346.0, 639.0, 395.0]]) {
        assert!(edges(line).iter().zip(drawn).all(|(found, drawn)| (found - drawn).abs() < 15.0), "{line}: drawn at {drawn:?}");
        assert!(line["confidence"].as_f64().unwrap() > 0.9, "{line}");
    }
}

#[test]
fn a_picture_without_text_has_no_lines() {
    assert_eq!(read(&root().join("tests/pictures/phone.jpg")), Vec::<Value>::new());
}

#[test]
fn a_photo_of_a_workshop_is_read() {
    let photo = root().join("../shared/corpus/photos/2569067123_aca715a2ee_o.jpg");
    if !photo.exists() {
        println!("skipped: the photo is not beside the checkout");
        return;
    }
    let lines = read(&photo);
    for expected in ["SKILSAW", "Piranha", "5150"] {
        let line = lines.iter().find(|line| line["text"] == expected).unwrap_or_else(|| panic!("`{expected}` is not in {lines:?}"));
        let [left, top, right, bottom] = edges(line);
        assert!(left > 500.0 && right < 1300.0 && top > 600.0 && bottom < 1300.0, "{line}");
    }
}
