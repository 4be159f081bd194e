#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input as _;

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Vec;
struct Send;

#[derive(cog_kit::Input)]
struct Inputs {
    /// How many.
    #[input(default = 3)]
    steps: u32,
}

fn main() {
    assert_eq!(Inputs::schema().properties().len(), 1);
}
