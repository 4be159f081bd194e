use cog_kit::Output;

#[derive(Output)]
struct Answer(String);

fn main() {}
