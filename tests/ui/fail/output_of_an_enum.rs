use cog_kit::Output;

#[derive(Output)]
enum Answer {
    Text(String),
}

fn main() {}
