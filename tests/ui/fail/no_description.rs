use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    steps: u32,
}

fn main() {}
