//! The derive macros of cog-kit; [`Input`](macro@Input) shows the reference of all of them.
//!
//! Which file next? Tokens go through `parse` into `model::Raw`, `check` turns that into `model::Checked` or reports every mistake, and `expand`
//! writes the code.

mod check;
mod choice;
mod errors;
mod expand;
mod model;
mod output;
mod parse;
mod suggest;
mod union;

use errors::Errors;
use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Describes the inputs of a model: each field becomes an input of the schema, and a request becomes the struct.
///
// The examples need cog-kit, which compiles and runs them.
#[cfg_attr(not(doctest), doc = include_str!("../attributes.md"))]
#[proc_macro_derive(Input, attributes(input))]
pub fn derive_input(tokens: TokenStream) -> TokenStream {
    let item = parse_macro_input!(tokens as DeriveInput);
    let errors = Errors::new();
    let raw = parse::input(&item, &errors);
    let checked = check::input(&raw, &errors);
    match errors.finish() {
        Ok(()) => expand::input(&raw.container, &checked).into(),
        Err(mistakes) => expand::input_with_mistakes(&raw.container, &mistakes).into(),
    }
}

/// Makes an enum without fields the choices of an input; `#[choice("K_EULER")]` or `#[choice(4)]` above a variant says what a request calls it.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(tokens: TokenStream) -> TokenStream {
    choice::derive(&parse_macro_input!(tokens as DeriveInput)).into()
}

/// Makes an enum with one type in each variant an input of any of these types; a request's value becomes the first variant that takes it.
#[proc_macro_derive(Union, attributes(union))]
pub fn derive_union(tokens: TokenStream) -> TokenStream {
    union::derive(&parse_macro_input!(tokens as DeriveInput)).into()
}

/// Makes a struct an object that a model returns: each field in order, `Option` as nullable, files inside as data URIs.
#[proc_macro_derive(Output, attributes(output))]
pub fn derive_output(tokens: TokenStream) -> TokenStream {
    output::derive(&parse_macro_input!(tokens as DeriveInput)).into()
}
