use cog_kit::Choice;

#[derive(Choice)]
enum Scheduler {
    Euler,
}

fn main() {}
