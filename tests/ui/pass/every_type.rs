#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::input::{Field, ImageOutput, ImageSize, Sampling, Seed};
use cog_kit::{File, Image, Input, Json, Path, Secret};
use serde_json::{Map, Value};

#[derive(Input)]
struct Inputs {
    /// A file.
    path: Path,
    /// A picture.
    #[input(accept = "image/*")]
    image: Image,
    /// Pictures.
    images: Vec<Image>,
    /// An open file.
    #[input(default = None)]
    file: Option<File>,
    /// A secret.
    #[input(default = None)]
    token: Option<Secret>,
    /// Integers of all sizes.
    #[input(default = -7)]
    small: i8,
    /// Without sign.
    #[input(default = 7)]
    large: u64,
    /// Yes or no.
    #[input(default = true)]
    yes: bool,
    /// A decimal number.
    #[input(default = 0.5)]
    share: f32,
    /// Lists.
    #[input(default = ["a", "b"])]
    words: Vec<String>,
    /// An object.
    #[input(default = None)]
    object: Option<Map<String, Value>>,
    /// An object of the author's.
    #[input(default = None)]
    json: Option<Json<Value>>,
    /// No longer used.
    #[input(default = None, deprecated)]
    old: Option<i32>,
    #[input(group(prefix = "", negative_prompt(default = "blurry")))]
    sampling: Sampling,
    #[input(group(prefix = "size"))]
    size: ImageSize,
    /// Makes a result repeatable.
    #[input(default = None)]
    seed: Seed,
    #[input(group(prefix = ""))]
    output: ImageOutput,
}

fn takes<T: Field>() {}

fn main() {
    takes::<Path>();
    let schema = Inputs::schema();
    assert_eq!(schema.properties().len(), 13 + 4 + 4 + 1 + 2);
    assert_eq!(schema.properties().last().unwrap().name, "output_quality");
}
