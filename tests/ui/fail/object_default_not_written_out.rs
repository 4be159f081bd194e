use cog_kit::{Input, Json};

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = 3)]
    options: Json<std::collections::HashMap<String, u32>>,
}

fn main() {}
