use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = 300)]
    steps: u8,
}

fn main() {}
