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
    /** A block
     * with stars.
     *
     * And more.
     */
    e: String,
    /** A block
        without. */
    f: String,
    #[doc = concat!("For ", "the reader of the code.")]
    #[input(description = "For the user.")]
    g: String,
}

macro_rules! described {
    ($name:ident, $text:expr) => {
        #[derive(Input)]
        struct $name {
            #[doc = $text]
            a: String,
        }
    };
}

described!(ByMacro, "Handed on.");

fn main() {
    let schema = Inputs::schema();
    let texts: Vec<_> = schema.properties().iter().map(|property| property.description.as_deref()).collect();
    assert_eq!(texts[..4], [Some("One paragraph over two lines.\n\nAnd a second."), Some("For the user."), Some(""), None]);
    assert_eq!(texts[4..], [Some("A block with stars.\n\nAnd more."), Some("A block without."), Some("For the user.")]);
    assert_eq!(ByMacro::schema().properties()[0].description.as_deref(), Some("Handed on."));
}
