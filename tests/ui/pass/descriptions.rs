#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

#[derive(Input)]
struct Inputs {
    /// One paragraph
    /// over two lines.
    ///
    /// And a second.
    a: String,
    /// For the reader of the code.
    #[input(description = "For the user.")]
    b: String,
    #[input(description = "")]
    c: String,
    #[input(description = None)]
    d: String,
}

fn main() {
    let schema = Inputs::schema();
    let texts: Vec<_> = schema.properties().iter().map(|property| property.description.as_deref()).collect();
    assert_eq!(texts, [Some("One paragraph over two lines.\n\nAnd a second."), Some("For the user."), Some(""), None]);
}
