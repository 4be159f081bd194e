#![deny(warnings)]
#![allow(dead_code)]

mod kit {
    pub use cog_kit as inner;
}

use kit::inner::Input;

#[derive(Input)]
#[input(crate = "crate::kit::inner")]
struct Inputs {
    /// How many.
    #[input(default = 3)]
    steps: u32,
}

fn main() {
    assert_eq!(Inputs::schema().properties().len(), 1);
}
