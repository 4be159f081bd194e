use cog_kit::{Path, Union};

#[derive(Union)]
enum Value {
    Text(String),
    File(Path),
}

fn main() {}
