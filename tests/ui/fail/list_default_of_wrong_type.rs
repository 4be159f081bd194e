use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = [1, "b"])]
    sizes: Vec<u32>,
}

fn main() {}
