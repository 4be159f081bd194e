use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(choices = ["a", 1])]
    mode: String,
}

fn main() {}
