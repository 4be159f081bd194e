//! One input as constant data.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Path, Type};

use super::call_at;
use crate::model::{CheckedInput, Choices, Constant, Pattern};
use crate::parse::Shape;

// Expands to:
//     ::cog_kit::private::field::<u32>()
/// What a field's type says of itself; the only place where the type must be one of inputs, so that a wrong one is reported once.
pub(super) fn field_type(krate: &Path, ty: &Type) -> TokenStream {
    let span = ty.span();
    quote_spanned!(span=> #krate::private::field::<#ty>())
}

// Expands to:
//     Entry::Input(&Spec::new("steps", Some("How many."), field::<u32>().facts).ge(Number::Integer(1)))
/// The entry of one input.
pub(super) fn entry(krate: &Path, input: &CheckedInput) -> TokenStream {
    let CheckedInput { ty, name, .. } = input;
    let field = field_type(krate, ty);
    let description = match &input.description {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let mut spec = quote!(#krate::private::Spec::new(#name, #description, #field.facts));
    let mut add = |call: TokenStream| spec.extend(call);
    if let Some(default) = &input.default {
        let default = match default {
            Constant::Computed(expr, Shape::Other) => choice(krate, &input.inner, expr),
            constant => literal(krate, constant),
        };
        add(quote!(.default(#default)));
    }
    if let Some(ge) = &input.ge {
        let ge = number(krate, ge);
        add(quote!(.ge(#ge)));
    }
    if let Some(le) = &input.le {
        let le = number(krate, le);
        add(quote!(.le(#le)));
    }
    if let Some((from, to)) = &input.recommended {
        let (from, to) = (number(krate, from), number(krate, to));
        add(quote!(.recommended(#from, #to)));
    }
    if let Some(length) = input.min_length {
        add(quote!(.min_length(#length)));
    }
    if let Some(length) = input.max_length {
        add(quote!(.max_length(#length)));
    }
    if let Some(Pattern { written, compiled }) = &input.regex {
        add(quote!(.regex(#written, #compiled)));
    }
    if let Some(choices) = &input.choices {
        let choices = choice_list(krate, choices);
        add(quote!(.choices(#choices)));
    }
    if let Some(media_types) = &input.accept {
        add(quote!(.accept(#media_types)));
    }
    if input.deprecated {
        add(quote!(.deprecated()));
    }
    if let Some(title) = &input.group {
        add(quote!(.group(#title)));
    }
    if input.unknown {
        spec = call_at(input.ident.span(), krate, "checked_input", &spec);
    }
    quote!(#krate::private::Entry::Input(&#spec))
}

/// The list of choices.
pub(super) fn choice_list(krate: &Path, choices: &Choices) -> TokenStream {
    let choices = match choices {
        Choices::Texts(texts) => quote!(Strings(&[#(#texts),*])),
        Choices::Integers(integers) => quote!(Integers(&[#(#integers),*])),
    };
    quote!(#krate::private::Choices::#choices)
}

// Expands to:
//     ::cog_kit::private::choice_literal::<Scheduler>(Scheduler::Euler as i128)
/// A variant of an enum of choices as a default.
fn choice(krate: &Path, ty: &Type, expr: &Expr) -> TokenStream {
    let span = expr.span();
    quote_spanned!(span=> #krate::private::choice_literal::<#ty>((#expr) as ::core::primitive::i128))
}

/// A constant as a literal of a schema.
pub(super) fn literal(krate: &Path, constant: &Constant) -> TokenStream {
    let path = quote!(#krate::private::Literal);
    match constant {
        Constant::Null => quote!(#path::Null),
        Constant::Boolean(boolean) => quote!(#path::Boolean(#boolean)),
        Constant::Text(text) => quote!(#path::String(#text)),
        Constant::List(items) => {
            let items = items.iter().map(|item| literal(krate, item));
            quote!(#path::List(&[#(#items),*]))
        }
        Constant::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let value = literal(krate, value);
                quote!((#name, #value))
            });
            quote!(#path::Object(&[#(#fields),*]))
        }
        Constant::Computed(expr, Shape::Text) => quote!(#path::String(#expr)),
        Constant::Computed(expr, Shape::Boolean) => quote!(#path::Boolean(#expr)),
        Constant::Integer(_) | Constant::Float(_) | Constant::Computed(..) => {
            let number = number(krate, constant);
            quote!(#path::Number(#number))
        }
    }
}

/// A constant as a number of a schema.
pub(super) fn number(krate: &Path, constant: &Constant) -> TokenStream {
    let path = quote!(#krate::private::Number);
    match constant {
        Constant::Integer(integer) => {
            let integer = Literal::i128_suffixed(*integer);
            quote!(#path::Integer(#integer))
        }
        Constant::Float(float) => {
            let float = Literal::f64_suffixed(*float);
            quote!(#path::Float(#float))
        }
        Constant::Computed(expr, shape) => {
            let (variant, name, wide) = match shape {
                Shape::Integer(integer) => ("Integer", integer.name, "i128"),
                Shape::Float(name) => ("Float", *name, "f64"),
                _ => ("Float", "f64", "f64"),
            };
            let (variant, name, wide) = (ident(variant), ident(name), ident(wide));
            quote!(#path::#variant({
                const __COG_KIT_VALUE: ::core::primitive::#name = #expr;
                __COG_KIT_VALUE as ::core::primitive::#wide
            }))
        }
        _ => quote!(#path::Integer(0)),
    }
}

fn ident(name: &str) -> syn::Ident {
    syn::Ident::new(name, proc_macro2::Span::call_site())
}
