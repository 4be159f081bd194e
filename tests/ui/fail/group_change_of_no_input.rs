use cog_kit::Input;

#[derive(Input)]
struct Sampling {
    /// How many.
    #[input(default = 20, ge = 1, le = 100)]
    steps: u32,
}

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(group(stepz(default = 3)))]
    sampling: Sampling,
}

fn main() {}
