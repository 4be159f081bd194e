use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    steps: u32,
    /// What it is for.
    #[input(name = "steps")]
    count: u32,
}

fn main() {}
