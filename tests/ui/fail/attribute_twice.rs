use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(ge = 1, ge = 2)]
    steps: u32,
}

fn main() {}
