//! `model::Checked` to code. Nothing here can fail.

mod group;
mod spec;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{GenericParam, Ident, Path, WherePredicate, parse_quote};

use crate::model::{Checked, CheckedEntry, Container};

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
    let entries = checked.entries.iter().map(|entry| match entry {
        CheckedEntry::Input(input) => spec::entry(krate, input),
        CheckedEntry::Group(group) => group::entry(krate, group),
    });
    let mut entries = quote!(&[#(#entries),*]);
    // Names of inputs in groups are known to the compiler alone.
    let group = checked.entries.iter().find(|entry| matches!(entry, CheckedEntry::Group(_)));
    if let Some(group) = group {
        entries = call_at(group.ident().span(), krate, "checked_entries", &entries);
    }
    let reads = checked.entries.iter().enumerate().map(|(position, entry)| {
        let (local, read) = (local(position), read(krate, entry));
        quote!(let #local = __cog_kit_reader.#read;)
    });
    let fields = checked.entries.iter().enumerate().map(|(position, entry)| {
        let (local, ident) = (local(position), entry.ident());
        quote!(#ident: #local?)
    });
    let body = quote! {
        #(#reads)*
        ::core::option::Option::Some(Self { #(#fields),* })
    };
    let implementation = implementation(container, checked, &entries, &body);
    let evaluation = evaluation(container, checked);
    quote!(#implementation #evaluation)
}

fn local(position: usize) -> Ident {
    format_ident!("__cog_kit_{position}")
}

fn read(krate: &Path, entry: &CheckedEntry) -> TokenStream {
    match entry {
        CheckedEntry::Input(input) => {
            let field = spec::field_type(krate, &input.ty);
            quote!(next(#field))
        }
        CheckedEntry::Group(group) => {
            let method = if group.optional { quote!(optional_group) } else { quote!(group) };
            let group = group::group_type(krate, &group.ty);
            quote!(#method(#group))
        }
    }
}

// Expands to:
//     const _: &[::cog_kit::private::Entry] = <Inputs as ::cog_kit::private::Input>::ENTRIES;
/// Has the compiler check what only it can, even if nobody uses the struct. A generic struct is checked when it is used.
fn evaluation(container: &Container, checked: &Checked) -> TokenStream {
    let unknown = checked.entries.iter().any(|entry| match entry {
        CheckedEntry::Input(input) => input.unknown,
        CheckedEntry::Group(_) => true,
    });
    if !unknown || container.generics.params.iter().any(|parameter| !matches!(parameter, GenericParam::Lifetime(_))) {
        return TokenStream::new();
    }
    let Container { ident, krate, .. } = container;
    quote!(const _: &[#krate::private::Entry] = <#ident as #krate::private::Input>::ENTRIES;)
}

/// The mistakes, and an implementation that does nothing, so that nothing else lights up.
pub(crate) fn input_with_mistakes(container: &Container, mistakes: &[syn::Error]) -> TokenStream {
    let nothing = Checked { entries: Vec::new() };
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
    let fields = checked.entries.iter().map(|entry| match entry {
        CheckedEntry::Input(input) => {
            let ty = &input.ty;
            parse_quote!(#ty: #krate::private::Field)
        }
        CheckedEntry::Group(group) => {
            let ty = &group.ty;
            parse_quote!(#ty: #krate::private::Input)
        }
    });
    own.chain(fields).collect()
}

/// A call of one of our functions that the compiler places at `span`, so that what it refuses is underlined there.
fn call_at(span: Span, krate: &Path, function: &str, arguments: &TokenStream) -> TokenStream {
    let function = Ident::new(function, span);
    let path = quote_spanned!(span=> #krate::private::#function).into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    let path: TokenStream = path.collect();
    quote_spanned!(span=> #path(#arguments))
}
