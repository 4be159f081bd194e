use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(le = 10, recommended = 5..=20)]
    steps: u32,
}

fn main() {}
