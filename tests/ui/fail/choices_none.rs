use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// How many.
    #[input(choices = [])]
    colour: String,
}

fn main() {}
