use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// How many.
    #[input("How many.")]
    count: u32,
}

fn main() {}
