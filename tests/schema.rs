//! Whole documents, against those that Cog prints.
#![cfg(all(feature = "input", feature = "image"))]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use cog_kit::schema::{Document, OutputSchema};
use cog_kit::{Image, Input};

#[expect(dead_code, reason = "only described")]
#[derive(Input)]
struct Inputs {
    /// The picture to prepare: JPEG, PNG, GIF, WebP and more, transparent ones too.
    #[input(accept = "image/*")]
    image: Image,
    /// Longest side of the result in pixels. Smaller pictures are never enlarged.
    #[input(default = 1024, ge = 16, le = 8192, recommended = 512..=2048)]
    max_side: u32,
    /// Both sides of the result become multiples of this many pixels.
    #[input(default = 8, ge = 1, le = 256)]
    multiple_of: u32,
    /// File format of the result.
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
