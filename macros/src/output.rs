//! `#[derive(Output)]`: a struct becomes an object that a model returns.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Path, Type};

use crate::errors::Errors;
use crate::parse::crate_path;
use crate::suggest::did_you_mean;

/// A field of the object.
struct Field<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    name: String,
    required: bool,
}

/// Reads, checks and expands a struct of outputs.
pub(crate) fn derive(item: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let krate = crate_path("output", &item.attrs, &errors);
    let fields = fields(item, &errors);
    match errors.finish() {
        Ok(()) => expand(item, &krate, &fields),
        Err(mistakes) => {
            let mistakes = mistakes.iter().map(syn::Error::to_compile_error);
            // With parameters the struct may lack what an output needs, and would be told so a second time.
            let stub = item.generics.params.is_empty().then(|| expand(item, &krate, &[]));
            quote!(#(#mistakes)* #stub)
        }
    }
}

fn fields<'a>(item: &'a DeriveInput, errors: &Errors) -> Vec<Field<'a>> {
    let Data::Struct(data) = &item.data else {
        errors.push(&item.ident, "an object is made of the named fields of a struct");
        return Vec::new();
    };
    // struct Output(u32)
    if let Fields::Unnamed(fields) = &data.fields {
        errors.push(fields, "an object is made of named fields; a single value needs no struct of its own");
    }
    // struct Output<T> { … }
    if item.generics.type_params().next().is_some() {
        errors.push(&item.generics, "a struct of outputs has no type parameters");
    }
    let mut fields: Vec<Field<'a>> = Vec::new();
    for field in &data.fields {
        let Some(ident) = &field.ident else { continue };
        let (name, required) = keys(&field.attrs, errors);
        let name = name.unwrap_or_else(|| ident.unraw().to_string());
        if let Some(earlier) = fields.iter().find(|earlier| earlier.name == name) {
            errors.push(ident, format!("two fields are called `{name}`; the earlier one is `{}`", earlier.ident));
        }
        fields.push(Field { ident, ty: &field.ty, name, required });
    }
    fields
}

/// `#[output(name = "…", not_required)]`.
fn keys(attributes: &[Attribute], errors: &Errors) -> (Option<String>, bool) {
    let (mut name, mut required) = (None, true);
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("output")) {
        let read = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.path.is_ident("not_required") {
                required = false;
            } else {
                let word = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
                let meant = did_you_mean(&word, &["name", "not_required"]);
                return Err(meta.error(format!("unknown output attribute `{word}`{meant}")));
            }
            Ok(())
        });
        if let Err(error) = read {
            errors.push_error(error);
        }
    }
    (name, required)
}

// Expands to:
//     const _: () = {
//         impl ::cog_kit::private::OutputItem for Answer {
//             fn form() -> OutputSchema { record::<Self>(|| vec![record_field("text", String::form(), true, String::NULLABLE)]) }
//             fn to_json(self) -> Result<Value> { … }
//         }
//         impl ::cog_kit::private::Output for Answer { … }
//     };
fn expand(item: &DeriveInput, krate: &Path, fields: &[Field<'_>]) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, type_generics, where_clause) = item.generics.split_for_impl();
    let private = quote!(#krate::private);
    let described = fields.iter().map(|Field { ty, name, required, .. }| {
        let span = ty.span();
        quote_spanned!(span=> #private::record_field(#name, <#ty as #private::OutputItem>::form(), #required, <#ty as #private::OutputItem>::NULLABLE))
    });
    let written = fields.iter().map(|Field { ident, ty, name, .. }| {
        let span = ty.span();
        let json = quote_spanned!(span=> <#ty as #private::OutputItem>::to_json(self.#ident)?);
        quote!(__cog_kit_map.insert(<::std::string::String as ::core::convert::From<&str>>::from(#name), #json);)
    });
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #impl_generics #private::OutputItem for #ident #type_generics #where_clause {
                fn form() -> #private::OutputSchema {
                    #private::record::<Self>(|| ::std::vec![#(#described),*])
                }

                fn to_json(self) -> #private::Result<#private::Value> {
                    #[allow(unused_mut)]
                    let mut __cog_kit_map = #private::Map::new();
                    #(#written)*
                    ::core::result::Result::Ok(#private::Value::Object(__cog_kit_map))
                }
            }

            #[automatically_derived]
            impl #impl_generics #private::Output for #ident #type_generics #where_clause {
                fn schema() -> #private::OutputSchema {
                    <Self as #private::OutputItem>::form()
                }

                fn send(self, __cog_kit_sink: &dyn #private::Sink) -> #private::Result<()> {
                    __cog_kit_sink.value(<Self as #private::OutputItem>::to_json(self)?)
                }
            }
        };
    }
}
