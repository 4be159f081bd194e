use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "abc", max_length = 2)]
    word: String,
}

fn main() {}
