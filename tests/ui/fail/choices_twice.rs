use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(choices = ["a", "b", "a"])]
    mode: String,
}

fn main() {}
