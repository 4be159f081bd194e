#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// Called otherwise in a request.
    #[input(name = "num_outputs", default = 1, ge = 1, le = 4)]
    count: u32,
    /// Names of the generated code do not meet the author's.
    #[input(default = 1)]
    request: i64,
    /// Nor here.
    #[input(default = 1)]
    sources: i64,
    /// Nor here.
    #[input(default = 1)]
    errors: i64,
    /// Nor here.
    #[input(default = 1)]
    schema: i64,
    /// Nor here.
    #[input(default = 1)]
    decode: i64,
}

fn main() {
    assert_eq!(Inputs::schema().properties()[0].name, "num_outputs");
}
