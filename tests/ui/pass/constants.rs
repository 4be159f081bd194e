#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

const LEAST: u32 = 16;
const FORMAT: &str = "webp";
type Pixels = u32;

#[derive(Input)]
struct Inputs {
    /// How long.
    #[input(default = LEAST * 4, ge = LEAST, le = 8192)]
    side: u32,
    /// Which one.
    #[input(default = FORMAT)]
    format: String,
    /// A type by another name.
    #[input(default = 5)]
    pixels: Pixels,
    /// An integer is a float.
    #[input(default = 1, ge = -2)]
    scale: f64,
    /// A keyword of Rust.
    #[input(default = "a")]
    r#type: String,
}

fn main() {
    let schema = Inputs::schema();
    assert_eq!(schema.properties()[0].default, Some(64.into()));
    assert_eq!(schema.properties()[4].name, "type");
}
