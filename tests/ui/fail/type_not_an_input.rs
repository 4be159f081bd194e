use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    at: std::time::Duration,
}

fn main() {}
