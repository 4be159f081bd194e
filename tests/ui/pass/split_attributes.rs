#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

/// The struct's own documentation is for readers of the code.
#[derive(Debug, Clone, PartialEq, Input)]
#[input(crate = "cog_kit")]
pub struct Inputs {
    /// Keys over several attributes.
    #[input(default = 3)]
    #[input(ge = 1, le = 9)]
    #[input(recommended = 2..=4)]
    pub a: u32,
    /** A comment in a block. */
    #[input(default = r"^\d+$", regex = r"^[\^$\\d+]+$",)]
    pub b: String,
    #[doc = "Made by an attribute."]
    #[input(default = '7'.is_ascii_digit())]
    pub c: bool,
}

fn main() {
    let schema = Inputs::schema();
    assert_eq!(schema.properties()[0].description.as_deref(), Some("Keys over several attributes. Best results between 2 and 4."));
    assert_eq!(schema.properties()[1].description.as_deref(), Some("A comment in a block."));
    assert_eq!(schema.properties()[2].default, Some(true.into()));
}
