use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default)]
    steps: u32,
}

fn main() {}
