use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(recommended = 1..=2)]
    word: String,
}

fn main() {}
