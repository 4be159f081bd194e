use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(accept = "image/*")]
    words: Vec<String>,
}

fn main() {}
