use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = 2.5, le = 2)]
    scale: f64,
}

fn main() {}
