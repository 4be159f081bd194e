use cog_kit::Output;

#[derive(Output)]
struct Answer {
    #[output(nmae = "text")]
    other: String,
}

fn main() {}
