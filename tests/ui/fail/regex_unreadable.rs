use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(regex = "[a-z")]
    word: String,
}

fn main() {}
