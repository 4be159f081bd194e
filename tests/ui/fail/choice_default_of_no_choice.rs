use cog_kit::Input;

const LEAST: u32 = 1;
type Pixels = u32;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = LEAST)]
    side: Pixels,
}

fn main() {}
