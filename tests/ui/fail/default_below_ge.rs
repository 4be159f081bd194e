use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = 0, ge = 1)]
    steps: u32,
}

fn main() {}
