use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// How many.
    #[input(default = String::from("red"))]
    colour: String,
}

fn main() {}
