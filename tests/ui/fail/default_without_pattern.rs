use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "A1", regex = "^[a-z]+$")]
    word: String,
}

fn main() {}
