use cog_kit::{Input, Path};

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(accept = 3)]
    image: Path,
}

fn main() {}
