use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(accept = "image/*")]
    word: String,
}

fn main() {}
