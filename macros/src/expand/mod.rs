//! `model::Checked` to code. Nothing here can fail.

mod spec;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{GenericParam, WherePredicate, parse_quote};

use crate::model::{Checked, Container};

// Expands to:
//     const _: () = {
//         impl ::cog_kit::private::Input for Inputs {
//             const ENTRIES: &'static [::cog_kit::private::Entry] = &[…];
//             fn read(__cog_kit_reader: &mut ::cog_kit::private::Reader<'_>) -> ::core::option::Option<Self> {
//                 let __cog_kit_0 = __cog_kit_reader.next(::cog_kit::private::field::<String>());
//                 ::core::option::Option::Some(Self { prompt: __cog_kit_0? })
//             }
//         }
//     };
/// The implementation of `Input`.
pub(crate) fn input(container: &Container, checked: &Checked) -> TokenStream {
    let krate = &container.krate;
    let entries = checked.inputs.iter().map(|input| spec::entry(krate, input));
    let locals: Vec<_> = (0..checked.inputs.len()).map(|position| format_ident!("__cog_kit_{position}")).collect();
    let reads = checked.inputs.iter().zip(&locals).map(|(input, local)| {
        let field = spec::field_type(krate, &input.ty);
        quote!(let #local = __cog_kit_reader.next(#field);)
    });
    let fields = checked.inputs.iter().zip(&locals).map(|(input, local)| {
        let ident = &input.ident;
        quote!(#ident: #local?)
    });
    implementation(
        container,
        checked,
        &quote!(&[#(#entries),*]),
        &quote! {
            #(#reads)*
            ::core::option::Option::Some(Self { #(#fields),* })
        },
    )
}

/// The mistakes, and an implementation that does nothing, so that nothing else lights up.
pub(crate) fn input_with_mistakes(container: &Container, mistakes: &[syn::Error]) -> TokenStream {
    let nothing = Checked { inputs: Vec::new() };
    let stub = implementation(container, &nothing, &quote!(&[]), &quote!(::core::option::Option::None));
    let mistakes = mistakes.iter().map(syn::Error::to_compile_error);
    quote!(#(#mistakes)* #stub)
}

fn implementation(container: &Container, checked: &Checked, entries: &TokenStream, read: &TokenStream) -> TokenStream {
    let Container { ident, krate, .. } = container;
    let mut generics = container.generics.clone();
    let has_types = generics.type_params().next().is_some();
    if has_types {
        let predicates = predicates(container, checked);
        generics.make_where_clause().predicates.extend(predicates);
    }
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #impl_generics #krate::private::Input for #ident #type_generics #where_clause {
                const ENTRIES: &'static [#krate::private::Entry] = #entries;

                fn read(__cog_kit_reader: &mut #krate::private::Reader<'_>) -> ::core::option::Option<Self> {
                    #read
                }
            }
        };
    }
}

/// What a generic struct asks of its parameters: to be sent, to own what they hold, and to make every field a type of inputs.
fn predicates(container: &Container, checked: &Checked) -> Vec<WherePredicate> {
    let krate = &container.krate;
    let own = container.generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => {
            let ident = &parameter.ident;
            Some(parse_quote!(#ident: ::core::marker::Send + 'static))
        }
        _ => None,
    });
    let fields = checked.inputs.iter().map(|input| {
        let ty = &input.ty;
        parse_quote!(#ty: #krate::private::Field)
    });
    own.chain(fields).collect()
}
