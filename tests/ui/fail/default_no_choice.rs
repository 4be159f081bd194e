use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "c", choices = ["a", "b"])]
    mode: String,
}

fn main() {}
