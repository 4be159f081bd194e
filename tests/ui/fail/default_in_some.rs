use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// How many.
    #[input(default = Some(3))]
    count: Option<u32>,
}

fn main() {}
