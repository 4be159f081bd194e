use cog_kit::Input;

const LEAST: u32 = 1;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = LEAST, ge = 2)]
    side: u32,
}

fn main() {}
