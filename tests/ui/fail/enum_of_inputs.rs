use cog_kit::Input;

#[derive(Input)]
enum Inputs {
    Steps,
}

fn main() {}
