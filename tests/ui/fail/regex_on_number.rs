use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(regex = "^a")]
    steps: u32,
}

fn main() {}
