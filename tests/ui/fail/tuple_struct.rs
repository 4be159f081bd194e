use cog_kit::Input;

#[derive(Input)]
struct Inputs(u32);

fn main() {}
