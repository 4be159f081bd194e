use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(deprecated = true)]
    steps: u32,
}

fn main() {}
