use cog_kit::{Input, Path};

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "photo.jpg")]
    image: Path,
}

fn main() {}
