use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(ge = 1)]
    word: String,
}

fn main() {}
