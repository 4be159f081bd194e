#![deny(warnings, clippy::all, clippy::pedantic)]
#![allow(dead_code)]

use cog_kit::{Image, Input};

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

fn main() {
    assert_eq!(Inputs::schema().properties().len(), 4);
}
