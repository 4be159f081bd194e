use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// What it is for.
    deep: Option<Option<u32>>,
}

fn main() {}
