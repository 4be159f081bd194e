use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(min_length = 5, max_length = 2)]
    word: String,
}

fn main() {}
