#![deny(warnings)]
#![allow(dead_code)]

#![no_implicit_prelude]

#[derive(::cog_kit::Choice)]
enum Format {
    #[choice("webp")]
    Webp,
    #[choice("png")]
    Png,
}

#[derive(::cog_kit::Union)]
enum Size {
    Side(u32),
    Name(::std::string::String),
}

#[derive(::cog_kit::Input)]
struct Inner {
    /// How many.
    #[input(default = 3, ge = 1, le = 9, recommended = 2..=4)]
    count: u32,
}

#[derive(::cog_kit::Input)]
struct Inputs {
    /// Which one.
    #[input(default = "webp")]
    format: Format,
    /// How large.
    size: Size,
    /// What to draw.
    #[input(default = None, min_length = 1, max_length = 9, regex = "^a")]
    prompt: ::std::option::Option<::std::string::String>,
    #[input(group)]
    inner: Inner,
}

#[derive(::cog_kit::Output)]
struct Answer {
    text: ::std::string::String,
}

fn main() {
    ::std::assert_eq!(<Inputs as ::cog_kit::Input>::schema().properties().len(), 4);
}
