use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    steps: u32,
    /// How strong.
    #[input(default = 3, le = 2)]
    strength: f64,
    /// Which one.
    #[input(choices = ["a"])]
    mode: String,
    /// A word.
    #[input(min = 2)]
    word: String,
    /// A number.
    #[input(default = None)]
    seed: i64,
}

fn main() {
    // The stub keeps this line quiet.
    let _ = Inputs::schema();
}
