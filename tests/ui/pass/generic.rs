#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;
use cog_kit::input::{Field, Item};

#[derive(Input)]
struct Inputs<T: Field + Item, const N: usize> {
    /// One.
    one: T,
    /// Many.
    many: Vec<T>,
}

fn main() {
    assert_eq!(Inputs::<f64, 3>::schema().properties()[0].kind.json_type(), "number");
    assert_eq!(Inputs::<u8, 3>::schema().properties()[1].kind.json_type(), "array");
}
