#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

#[derive(Input)]
#[allow(non_snake_case)]
struct Inputs {
    /// Always there.
    #[cfg_attr(all(), input(default = 1))]
    a: i64,
    #[cfg(any())]
    never: NoSuchType,
    #[cfg(all())]
    /// There too.
    B: String,
}

fn main() {
    let names: Vec<_> = Inputs::schema().properties().iter().map(|property| property.name.clone()).collect();
    assert_eq!(names, ["a", "B"]);
}
