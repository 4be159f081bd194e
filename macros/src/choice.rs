//! `#[derive(Choice)]`: an enum without fields becomes a closed set of values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, Path, Variant};

use crate::check::constant;
use crate::errors::Errors;
use crate::model::Constant;
use crate::parse::crate_path;

/// A variant and its value.
struct Value {
    ident: Ident,
    constant: Constant,
}

/// Reads, checks and expands an enum of choices.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let krate = crate_path("choice", &item.attrs, &errors);
    let values = values(item, &errors);
    match errors.finish() {
        Ok(()) => expand(&item.ident, &krate, &values),
        Err(mistakes) => {
            let mistakes = mistakes.iter().map(syn::Error::to_compile_error);
            let stub = expand(&item.ident, &krate, &[]);
            quote!(#(#mistakes)* #stub)
        }
    }
}

fn values(item: &DeriveInput, errors: &Errors) -> Vec<Value> {
    let Data::Enum(data) = &item.data else {
        errors.push(&item.ident, "choices are the variants of an enum");
        return Vec::new();
    };
    // enum Scheduler<T> { … }
    if !item.generics.params.is_empty() {
        errors.push(&item.generics, "an enum of choices has no parameters");
    }
    let mut values: Vec<Value> = Vec::new();
    for variant in &data.variants {
        // enum Scheduler { Euler(u32) }
        if !matches!(variant.fields, Fields::Unit) {
            errors.push(&variant.fields, "a choice has no fields");
        }
        let Some(constant) = value(variant, errors) else { continue };
        // #[choice("a")] A, #[choice("a")] B
        if let Some(earlier) = values.iter().find(|value| value.constant == constant) {
            errors.push(&variant.ident, format!("this choice has the value of an earlier one, `{}`", earlier.ident));
        }
        // #[choice(1)] A, B
        let text = |constant: &Constant| matches!(constant, Constant::Text(_));
        if values.first().is_some_and(|first| text(&first.constant) != text(&constant)) {
            errors.push(&variant.ident, "choices are all texts or all whole numbers; `#[choice(…)]` above a variant says which");
        }
        values.push(Value { ident: variant.ident.clone(), constant });
    }
    // enum Scheduler { Euler }
    if data.variants.len() < 2 {
        errors.push(
            &item.ident,
            format!("found {} choice, expected at least 2; an input with one choice asks for nothing", data.variants.len()),
        );
    }
    values
}

/// The value in `#[choice(…)]`, or the variant's name.
fn value(variant: &Variant, errors: &Errors) -> Option<Constant> {
    let attributes: Vec<&Attribute> = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("choice")).collect();
    if let Some(second) = attributes.get(1) {
        errors.push(second, "`choice` is written twice");
    }
    let Some(attribute) = attributes.first() else {
        return Some(Constant::Text(variant.ident.unraw().to_string()));
    };
    let expr: syn::Expr = match attribute.parse_args() {
        Ok(expr) => expr,
        Err(error) => {
            errors.push_error(error);
            return None;
        }
    };
    match constant(&expr) {
        Some(Constant::Integer(integer)) if i64::try_from(integer).is_ok() => Some(Constant::Integer(integer)),
        Some(Constant::Text(text)) => Some(Constant::Text(text)),
        _ => {
            errors.push(&expr, "the value of a choice is a text in quotes or a whole number");
            None
        }
    }
}

// Expands to:
//     const _: () = {
//         impl ::cog_kit::private::Choice for Scheduler {
//             const VALUES: Choices = Choices::Strings(&["K_EULER", "DDIM"]);
//             const DISCRIMINANTS: &'static [i128] = &[Self::Euler as i128, Self::Ddim as i128];
//             fn at(position: usize) -> Option<Self> { … }
//         }
//         impl ::cog_kit::private::Field for Scheduler { … }
//     };
fn expand(ident: &Ident, krate: &Path, values: &[Value]) -> TokenStream {
    let private = quote!(#krate::private);
    let texts: Vec<&String> =
        values.iter().filter_map(|value| if let Constant::Text(text) = &value.constant { Some(text) } else { None }).collect();
    let integers = values.iter().filter_map(|value| match value.constant {
        Constant::Integer(integer) => i64::try_from(integer).ok(),
        _ => None,
    });
    let (kind, choices) = if texts.is_empty() && !values.is_empty() {
        (quote!(Kind::Integer(#private::Bounds::NONE)), quote!(Integers(&[#(#integers),*])))
    } else {
        (quote!(Kind::String), quote!(Strings(&[#(#texts),*])))
    };
    let idents: Vec<&Ident> = values.iter().map(|value| &value.ident).collect();
    let positions = 0..values.len();
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #private::Choice for #ident {
                const VALUES: #private::Choices = #private::Choices::#choices;
                const DISCRIMINANTS: &'static [::core::primitive::i128] = &[#(Self::#idents as ::core::primitive::i128),*];

                fn at(__cog_kit_position: ::core::primitive::usize) -> ::core::option::Option<Self> {
                    match __cog_kit_position {
                        #(#positions => ::core::option::Option::Some(Self::#idents),)*
                        _ => ::core::option::Option::None,
                    }
                }
            }

            #[automatically_derived]
            impl #private::Field for #ident {
                const KIND: #private::Kind = #private::#kind;
                const CHOICES: ::core::option::Option<#private::Choices> =
                    ::core::option::Option::Some(<Self as #private::Choice>::VALUES);

                fn decode(
                    __cog_kit_found: &#private::Value,
                    __cog_kit_place: &#private::Place<'_>,
                ) -> ::core::result::Result<Self, #private::InputError> {
                    #private::decode_choice(__cog_kit_found, __cog_kit_place)
                }
            }

            #[automatically_derived]
            impl #private::NotOptional for #ident {}
        };
    }
}
