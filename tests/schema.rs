//! Whole documents, against those that Cog prints.
#![cfg(all(feature = "input", feature = "image"))]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use cog_kit::schema::{Document, MergedDocument, OutputField, OutputSchema, TrainingDocument};
use cog_kit::{Image, Input, Path};

#[expect(dead_code, reason = "only described")]
#[derive(Input)]
struct Inputs {
    /// The picture to prepare: JPEG, PNG, GIF, WebP and more, transparent ones too.
    #[input(accept = "image/*")]
    image: Image,
    /// Longest side of the result in pixels. Smaller pictures are never enlarged.
    #[input(default = 1024, ge = 16, le = 8192, recommended = 512..=2048)]
    max_side: u32,
    /// Both sides of the result become multiples of this many pixels. Most models work best with 8 or 16; with 1, no side is changed.
    #[input(default = 8, ge = 1, le = 256)]
    multiple_of: u32,
    /// File format of the result: webp is small, jpg opens everywhere, png keeps every pixel as it is.
    #[input(default = "webp", choices = ["webp", "jpg", "png"])]
    output_format: String,
}

#[test]
fn the_document_is_the_one_that_cog_prints_for_the_same_signature() {
    let input = Inputs::schema();
    let output = OutputSchema::uri();
    let document = Document { input: &input, output: &output, streaming: false, version: "0.23.1" };
    // `golden/prepare.py` is the signature; the bytes came out of Cog.
    assert_eq!(document.to_string(), include_str!("golden/prepare.json").trim_end());
    let expected: serde_json::Value = serde_json::from_str(include_str!("golden/prepare.json")).unwrap();
    assert_eq!(document.to_json(), expected);
}

#[expect(dead_code, reason = "only described")]
#[derive(Input)]
struct TrainingInputs {
    /// Lines of text.
    dataset: Path,
    /// How to learn.
    #[input(default = "fast", choices = ["fast", "slow"])]
    output_format: String,
    /// How many steps.
    #[input(default = 10, ge = 1, le = 100)]
    steps: u32,
}

fn trained() -> OutputSchema {
    let field = |name: &'static str, schema| OutputField { name: name.into(), schema, required: true, nullable: false };
    OutputSchema::record(vec![field("weights", OutputSchema::uri()), field("steps", OutputSchema::integer())])
}

#[test]
fn the_document_of_a_training_is_the_one_that_cog_prints() {
    let (input, output) = (TrainingInputs::schema(), trained());
    let document = TrainingDocument { input: &input, output: &output, version: "0.23.1" };
    // `golden/train.py` is the signature; the bytes came out of Cog.
    assert_eq!(document.to_string(), include_str!("golden/train.json").trim_end());
}

#[test]
fn predictions_come_first_where_two_documents_are_merged() {
    let (input, output) = (Inputs::schema(), OutputSchema::uri());
    let prediction = Document { input: &input, output: &output, streaming: true, version: "0.23.1" };
    let (input, output) = (TrainingInputs::schema(), trained());
    let training = TrainingDocument { input: &input, output: &output, version: "0.23.1" };
    let merged = MergedDocument { prediction, training };
    let (predicts, trains, both) = (prediction.to_json(), training.to_json(), merged.to_json());
    let names = |document: &serde_json::Value, place: &str| document.pointer(place).unwrap().as_object().unwrap().len();
    // Status, the two errors and the choices of `output_format` are in both documents; so are two paths.
    assert_eq!(names(&both, "/components/schemas"), 8 + 8 - 4);
    assert_eq!(names(&both, "/paths"), 4 + 4 - 2);
    let schemas = &both["components"]["schemas"];
    assert_eq!(schemas["output_format"], predicts["components"]["schemas"]["output_format"]);
    assert_eq!(schemas["TrainingInput"], trains["components"]["schemas"]["TrainingInput"]);
    assert_eq!(both["paths"]["/predictions"]["post"]["x-cog-streaming"], true);
    assert_eq!(both["paths"]["/trainings"], trains["paths"]["/trainings"]);
    let text = merged.to_string();
    assert!(text.starts_with("{\n  \"components\": {\n    \"schemas\": {\n      \"HTTPValidationError\": {\n"), "{text}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), both);
}
