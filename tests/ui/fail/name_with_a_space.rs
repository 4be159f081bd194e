use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(name = "my steps")]
    steps: u32,
}

fn main() {}
