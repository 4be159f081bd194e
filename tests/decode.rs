//! A request becomes a struct, or every mistake in it is told.
#![cfg(feature = "input")]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use cog_kit::input::{InputError, Sources};
use cog_kit::{Input, Path};
use serde_json::{Value, json};

#[derive(Input, Debug)]
struct Inputs {
    /// A file.
    file: Option<Path>,
    /// Several files.
    #[input(default = [])]
    files: Vec<Path>,
    /// A number of steps.
    #[input(default = 20, ge = 1, le = 50)]
    steps: u32,
    /// Any whole number.
    #[input(default = None)]
    seed: Option<i64>,
    /// How strong.
    #[input(default = 1, ge = 0, le = 2.5)]
    strength: f64,
    /// Half as precise.
    #[input(default = 0.5)]
    ratio: f32,
    /// Whether to.
    #[input(default = false)]
    fast: bool,
    /// A short word.
    #[input(default = "abc", min_length = 2, max_length = 4)]
    word: String,
    /// One of three.
    #[input(default = "webp", choices = ["webp", "jpg", "png"])]
    format: String,
    /// One of three sizes.
    #[input(default = 256, choices = [256, 512, 1024])]
    size: u32,
    /// Small numbers.
    #[input(default = [1, 2])]
    bytes: Vec<u8>,
}

fn decode(request: &Value) -> Result<Inputs, InputError> {
    Inputs::decode(request.as_object().unwrap(), &Sources::remote())
}

#[test]
fn defaults_fill_in_what_a_request_leaves_out() {
    let inputs = decode(&json!({})).unwrap();
    assert!(inputs.file.is_none() && inputs.files.is_empty() && inputs.seed.is_none() && !inputs.fast);
    assert_eq!((inputs.steps, inputs.size, inputs.bytes.as_slice()), (20, 256, [1, 2].as_slice()));
    assert_eq!((inputs.strength, inputs.ratio), (1.0, 0.5));
    assert_eq!((inputs.word.as_str(), inputs.format.as_str()), ("abc", "webp"));
}

#[test]
fn numbers_are_coerced_as_cog_coerces_them() {
    let inputs = decode(&json!({"steps": 3.0, "strength": 2, "seed": null, "size": 512.0, "unknown": 1})).unwrap();
    assert_eq!((inputs.steps, inputs.strength, inputs.seed, inputs.size), (3, 2.0, None, 512));
}

#[test]
fn each_mistake_is_told_in_the_words_of_cog() {
    let cases = [
        (json!({"steps": 0}), "steps: 0 is less than the minimum of 1"),
        (json!({"steps": 51}), "steps: 51 is greater than the maximum of 50"),
        (json!({"steps": 1.5}), "steps: 1.5 is not of type \"integer\""),
        (json!({"steps": "1"}), "steps: \"1\" is not of type \"integer\""),
        (json!({"steps": true}), "steps: true is not of type \"integer\""),
        (json!({"steps": null}), "steps: null is not of type \"integer\""),
        (json!({"seed": 1e30}), "seed: 1e+30 is greater than the maximum of 9223372036854775807"),
        (json!({"strength": 2.6}), "strength: 2.6 is greater than the maximum of 2.5"),
        (json!({"ratio": 1e39}), "ratio: 1e+39 is greater than the maximum of 3.4028234663852886e+38"),
        (json!({"fast": "true"}), "fast: \"true\" is not of type \"boolean\""),
        (json!({"fast": 1}), "fast: 1 is not of type \"boolean\""),
        (json!({"word": "é"}), "word: \"é\" is shorter than 2 characters"),
        (json!({"word": "abcde"}), "word: \"abcde\" is longer than 4 characters"),
        (json!({"format": "gif"}), "format: \"gif\" is not one of [\"webp\",\"jpg\",\"png\"]"),
        (json!({"size": 300}), "size: 300 is not one of [256,512,1024]"),
        (json!({"bytes": [1, 256, -1]}), "bytes/1: 256 is greater than the maximum of 255; bytes/2: -1 is less than the minimum of 0"),
        (json!({"bytes": 1}), "bytes: 1 is not of type \"array\""),
        (json!({"file": "/etc/passwd"}), "file: found \"/etc/passwd\", expected an http(s) URL or a data URI"),
        (json!({"files": ["data:,a", "b"]}), "files/1: found \"b\", expected an http(s) URL or a data URI"),
        (json!({"file": {"a": 1}}), "file: an object of 1 field is not of type \"string\""),
    ];
    for (request, expected) in cases {
        assert_eq!(decode(&request).unwrap_err().to_string(), expected, "{request}");
    }
}

#[derive(Input, Debug)]
struct Texts {
    /// A text.
    one: String,
    /// Several texts.
    #[input(default = [])]
    many: Vec<String>,
}

#[test]
fn a_url_in_a_text_stays_a_text() {
    let url = "https://files.invalid/a.png";
    let request = json!({"one": url, "many": [url, "data:,a"]});
    let texts = Texts::decode(request.as_object().unwrap(), &Sources::remote()).unwrap();
    assert_eq!((texts.one.as_str(), texts.many), (url, vec![url.to_owned(), "data:,a".to_owned()]));
}

#[test]
fn all_mistakes_of_a_request_are_told_together() {
    let error = decode(&json!({"steps": 0, "fast": 1, "size": 3})).unwrap_err();
    let names: Vec<&str> = error.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(names, ["steps", "fast", "size"]);
    assert_eq!(error.to_detail()["detail"][2]["loc"], json!(["body", "input", "size"]));
}

#[test]
fn files_are_there_while_the_struct_is_and_gone_after() {
    let inputs = decode(&json!({"file": "data:image/png;base64,aGVsbG8=", "files": ["data:,a", "data:,b"]})).unwrap();
    let places: Vec<_> = inputs.file.iter().chain(&inputs.files).map(|path| path.to_path_buf()).collect();
    let contents: Vec<_> = places.iter().map(|place| std::fs::read(place).unwrap()).collect();
    assert_eq!(contents, [b"hello".to_vec(), b"a".to_vec(), b"b".to_vec()]);
    drop(inputs);
    assert!(places.iter().all(|place| !place.exists()));
}

#[expect(dead_code, reason = "it is never made")]
#[derive(Input, Debug)]
struct Required {
    /// Text.
    prompt: String,
    /// A picture.
    image: Path,
}

#[test]
fn missing_inputs_have_an_error_type_of_their_own() {
    let error = Required::decode(json!({}).as_object().unwrap(), &Sources::remote()).unwrap_err();
    assert_eq!(error.to_string(), "prompt: Field required; image: Field required");
    assert_eq!(
        error.to_detail()["detail"][0],
        json!({"loc": ["body", "input", "prompt"], "msg": "Field required", "type": "value_error.missing"})
    );
}
