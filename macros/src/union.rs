//! `#[derive(Union)]`: an enum with one type in each variant becomes a value of any of these types.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Ident, Path, Type};

use crate::errors::Errors;
use crate::parse::crate_path;

/// Reads, checks and expands an enum of types.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let krate = crate_path("union", &item.attrs, &errors);
    let members = members(item, &errors);
    match errors.finish() {
        Ok(()) => expand(&item.ident, &krate, &members),
        Err(mistakes) => {
            let mistakes = mistakes.iter().map(syn::Error::to_compile_error);
            let stub = expand(&item.ident, &krate, &[]);
            quote!(#(#mistakes)* #stub)
        }
    }
}

fn members<'a>(item: &'a DeriveInput, errors: &Errors) -> Vec<(&'a Ident, &'a Type)> {
    let Data::Enum(data) = &item.data else {
        errors.push(&item.ident, "the types of a union are the variants of an enum");
        return Vec::new();
    };
    // enum Value<T> { … }
    if !item.generics.params.is_empty() {
        errors.push(&item.generics, "a union has no parameters");
    }
    // enum Value { Text(String) }
    if data.variants.len() < 2 {
        errors.push(&item.ident, "a union has at least 2 types");
    }
    let mut members = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                members.extend(fields.unnamed.iter().map(|field| (&variant.ident, &field.ty)));
            }
            // enum Value { Text, Number(f64) }
            _ => errors.push(&variant.ident, format!("a variant of a union holds one type: `{}(…)`", variant.ident)),
        }
    }
    members
}

// Expands to:
//     const _: () = {
//         impl ::cog_kit::private::Field for Value {
//             const KIND: Kind = Kind::Union(&[member::<String>().kind, member::<f64>().kind]);
//             fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
//                 if let Some(value) = member::<String>().decode(found, place) { return Ok(Self::Text(value)); }
//                 …
//                 Err(no_member(found, place))
//             }
//         }
//     };
fn expand(ident: &Ident, krate: &Path, members: &[(&Ident, &Type)]) -> TokenStream {
    let private = quote!(#krate::private);
    let kinds = members.iter().map(|(_, ty)| {
        let span = ty.span();
        quote_spanned!(span=> #private::member::<#ty>().kind)
    });
    let tries = members.iter().map(|(variant, ty)| {
        let span = ty.span();
        let member = quote_spanned!(span=> #private::member::<#ty>());
        quote! {
            if let ::core::option::Option::Some(__cog_kit_value) = #member.decode(__cog_kit_found, __cog_kit_place) {
                return ::core::result::Result::Ok(Self::#variant(__cog_kit_value));
            }
        }
    });
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #private::Field for #ident {
                const KIND: #private::Kind = #private::Kind::Union(&[#(#kinds),*]);

                fn decode(
                    __cog_kit_found: &#private::Value,
                    __cog_kit_place: &#private::Place<'_>,
                ) -> ::core::result::Result<Self, #private::InputError> {
                    #(#tries)*
                    ::core::result::Result::Err(#private::no_member(__cog_kit_found, __cog_kit_place))
                }
            }

            #[automatically_derived]
            impl #private::NotOptional for #ident {}
        };
    }
}
