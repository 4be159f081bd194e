use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(min_length = 1)]
    steps: u32,
}

fn main() {}
