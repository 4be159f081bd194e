use cog_kit::Choice;

#[derive(Choice)]
enum Scheduler {
    #[choice("a")]
    Euler,
    #[choice("a")]
    Ddim,
}

fn main() {}
