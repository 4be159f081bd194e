use cog_kit::Union;

#[derive(Union)]
enum Value {
    Text(String),
}

fn main() {}
