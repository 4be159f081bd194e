use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "a", min_length = 2)]
    word: String,
}

fn main() {}
