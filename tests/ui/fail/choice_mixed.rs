use cog_kit::Choice;

#[derive(Choice)]
enum Scheduler {
    #[choice(1)]
    Euler,
    Ddim,
}

fn main() {}
