use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// How many
    #[doc = concat!("apples", " or pears.")]
    count: u32,
}

fn main() {}
