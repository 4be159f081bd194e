use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(ge = 0)]
    sizes: Vec<u32>,
}

fn main() {}
