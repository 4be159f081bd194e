use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(name = "Status", choices = ["a", "b"])]
    status: String,
}

fn main() {}
