use cog_kit::Input;

type Pixels = u32;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "a")]
    side: Pixels,
}

fn main() {}
