use cog_kit::Choice;

#[derive(Choice)]
enum Scheduler {
    Euler(u32),
    Ddim,
}

fn main() {}
