use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    grid: Vec<Vec<u32>>,
}

fn main() {}
