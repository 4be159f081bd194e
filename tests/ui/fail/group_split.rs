use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(group = "Size")]
    width: u32,
    /// Between.
    seed: i64,
    /// Apart.
    #[input(group = "Size")]
    height: u32,
}

fn main() {}
