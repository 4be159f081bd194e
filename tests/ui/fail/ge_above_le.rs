use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(ge = 9, le = 5)]
    steps: u32,
}

fn main() {}
