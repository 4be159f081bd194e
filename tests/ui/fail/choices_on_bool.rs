use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(choices = [true, false])]
    fast: bool,
}

fn main() {}
