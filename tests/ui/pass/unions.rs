#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::{Input, Union};

#[derive(Union)]
enum Size {
    Pixels(u32),
    Share(f64),
    Name(String),
}

#[derive(Input)]
struct Inputs {
    /// How large.
    #[input(default = "large")]
    size: Size,
    /// How large at most.
    #[input(default = None)]
    most: Option<Size>,
    /// Several.
    #[input(default = 3)]
    other: Size,
}

fn main() {
    assert_eq!(Inputs::schema().properties()[2].default, Some(3.into()));
}
