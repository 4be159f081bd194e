use cog_kit::{Choice, Input};

#[derive(Choice)]
enum State {
    On,
    Off,
}

#[derive(Input)]
struct Inputs {
    /// What it is for.
    #[input(name = "Status")]
    state: State,
}

fn main() {}
