use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// How many.
    #[input(required)]
    count: u32,
}

fn main() {}
