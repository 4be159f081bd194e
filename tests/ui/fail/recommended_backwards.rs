use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(recommended = 50..=20)]
    steps: u32,
}

fn main() {}
