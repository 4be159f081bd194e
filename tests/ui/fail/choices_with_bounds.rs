use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(choices = [1, 2], ge = 1)]
    grid: u32,
}

fn main() {}
