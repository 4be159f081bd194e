use cog_kit::Input;

#[derive(Input)]
#[input(ge = 1)]
struct Inputs {
    /// How many.
    steps: u32,
}

fn main() {}
