use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(recommended = 20..50)]
    steps: u32,
}

fn main() {}
