use cog_kit::{Choice, Input};

#[derive(Choice)]
enum Scheduler {
    Euler,
    Ddim,
}

#[derive(Input)]
struct Inputs {
    /// What it is for.
    schedulers: Vec<Scheduler>,
}

fn main() {}
