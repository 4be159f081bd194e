//! A struct of inputs as part of another, as constant data.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::model::{CheckedChange, CheckedGroup};

use super::call_at;
use super::spec::{choice_list, literal, number};

// Expands to:
//     ::cog_kit::private::group::<ControlNet>()
/// What a struct of inputs says of itself; the only place where the type must be one, so that a wrong one is reported once.
pub(super) fn group_type(krate: &Path, ty: &Type) -> TokenStream {
    let span = ty.span();
    quote_spanned!(span=> #krate::private::group::<#ty>())
}

// Expands to:
//     Entry::Group(Group::new(group::<ControlNet>().entries, false, "controlnet", "Controlnet").changes(&[…]))
/// The entry of a group.
pub(super) fn entry(krate: &Path, group: &CheckedGroup) -> TokenStream {
    let CheckedGroup { optional, prefix, title, .. } = group;
    let group_type = group_type(krate, &group.ty);
    let changes = group.changes.iter().map(|change| {
        let tokens = self::change(krate, change);
        call_at(change.target.span(), krate, "checked_change", &quote!(#group_type.entries, #tokens))
    });
    let mut tokens = quote!(#krate::private::Group::new(#group_type.entries, #optional, #prefix, #title));
    if !group.changes.is_empty() {
        tokens.extend(quote!(.changes(&[#(#changes),*])));
    }
    quote!(#krate::private::Entry::Group(#tokens))
}

// Expands to:
//     Change::new("steps").default(Literal::Number(Number::Integer(28)))
fn change(krate: &Path, change: &CheckedChange) -> TokenStream {
    let target = change.target.unraw().to_string();
    let mut tokens = quote!(#krate::private::Change::new(#target));
    if let Some(name) = &change.name {
        tokens.extend(quote!(.name(#name)));
    }
    if let Some(description) = &change.description {
        let description = match description {
            Some(text) => quote!(::core::option::Option::Some(#text)),
            None => quote!(::core::option::Option::None),
        };
        tokens.extend(quote!(.description(#description)));
    }
    if let Some(default) = &change.default {
        let default = literal(krate, default);
        tokens.extend(quote!(.default(#default)));
    }
    if let Some(ge) = &change.ge {
        let ge = number(krate, ge);
        tokens.extend(quote!(.ge(#ge)));
    }
    if let Some(le) = &change.le {
        let le = number(krate, le);
        tokens.extend(quote!(.le(#le)));
    }
    if let Some((from, to)) = &change.recommended {
        let (from, to) = (number(krate, from), number(krate, to));
        tokens.extend(quote!(.recommended(#from, #to)));
    }
    if let Some(choices) = &change.choices {
        let choices = choice_list(krate, choices);
        tokens.extend(quote!(.choices(#choices)));
    }
    if change.deprecated {
        tokens.extend(quote!(.deprecated()));
    }
    tokens
}
