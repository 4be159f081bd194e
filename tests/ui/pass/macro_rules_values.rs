#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

macro_rules! inputs {
    ($name:ident, $text:literal, $default:expr, $least:expr, $most:literal, $kind:ty) => {
        #[derive(Input)]
        struct $name {
            #[input(description = $text, default = $default, ge = $least, le = $most)]
            count: $kind,
        }
    };
}

inputs!(Few, "How many.", 3, 1, 9, u32);
inputs!(Warm, "How warm.", -1.5, -(2.0), 9, f64);

fn main() {
    let few = Few::schema();
    assert_eq!(few.properties()[0].default, Some(3.into()));
    assert_eq!(Warm::schema().properties()[0].default, Some((-1.5).into()));
}
