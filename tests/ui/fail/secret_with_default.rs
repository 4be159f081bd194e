use cog_kit::{Input, Secret};

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "hunter2")]
    token: Secret,
}

fn main() {}
