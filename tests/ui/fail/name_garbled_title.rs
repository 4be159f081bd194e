use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    größe_öl: u32,
}

fn main() {}
