use cog_kit::Output;

#[derive(Output)]
struct Answer {
    text: String,
    #[output(name = "text")]
    other: String,
}

fn main() {}
