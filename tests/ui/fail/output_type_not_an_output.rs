use cog_kit::Output;

struct Pixels;

#[derive(Output)]
struct Answer {
    pixels: Pixels,
}

fn main() {}
