use cog_kit::{Choice, Input};

#[derive(Choice)]
enum Scheduler {
    Euler,
    Ddim,
}

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(default = "heun")]
    scheduler: Scheduler,
}

fn main() {}
