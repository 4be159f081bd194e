use cog_kit::Union;

#[derive(Union)]
enum Value {
    Text(String),
    Nothing,
}

fn main() {}
