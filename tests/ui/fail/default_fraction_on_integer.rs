use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = 1.0)]
    steps: i64,
}

fn main() {}
