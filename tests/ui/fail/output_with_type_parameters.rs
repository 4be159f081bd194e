use cog_kit::Output;

#[derive(Output)]
struct Answer<T> {
    value: T,
}

fn main() {}
