use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = None)]
    seed: i64,
}

fn main() {}
