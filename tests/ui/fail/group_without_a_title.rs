use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(group = "")]
    steps: u32,
}

fn main() {}
