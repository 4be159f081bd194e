//! `#[input(…)]`: a list of keys, some with a value.

use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Expr, Ident, LitStr, Path, Token};

use crate::errors::Errors;
use crate::model::{Key, Keys};
use crate::suggest::did_you_mean;

use super::default_crate;

/// The keys of a field.
pub(crate) const NAMES: &[&str] =
    &["default", "ge", "le", "min_length", "max_length", "regex", "choices", "deprecated", "accept", "description", "name", "recommended"];

/// `key` or `key = value`.
struct Item {
    ident: Ident,
    value: Option<Expr>,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = input.call(Ident::parse_any)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() { Some(input.parse()?) } else { None };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(format!("expected `,` or the end after `{ident}`")));
        }
        Ok(Self { ident, value })
    }
}

/// The items of every `#[input(…)]`; a malformed one is reported and the next one read.
fn items(attributes: &[Attribute], errors: &Errors) -> Vec<Item> {
    let mut items = Vec::new();
    let mut list = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match input.parse() {
                Ok(item) => items.push(item),
                Err(error) => {
                    errors.push_error(error);
                    while !input.is_empty() && !input.peek(Token![,]) {
                        input.parse::<TokenTree>()?;
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("input")) {
        let read = attribute.meta.require_list().and_then(|meta| (&mut list).parse2(meta.tokens.clone()));
        if let Err(error) = read {
            errors.push_error(error);
        }
    }
    items
}

/// The keys of a field.
pub(super) fn field(attributes: &[Attribute], errors: &Errors) -> Keys {
    let mut keys = Keys::default();
    for Item { ident, value } in items(attributes, errors) {
        let name = ident.to_string();
        if name == "deprecated" {
            if value.is_some() {
                errors.push(value, "`deprecated` stands alone, without a value");
            } else if keys.deprecated.replace(ident.span()).is_some() {
                errors.push(&ident, "`deprecated` is written twice");
            }
            continue;
        }
        let slot = match name.as_str() {
            "default" => &mut keys.default,
            "ge" => &mut keys.ge,
            "le" => &mut keys.le,
            "min_length" => &mut keys.min_length,
            "max_length" => &mut keys.max_length,
            "regex" => &mut keys.regex,
            "choices" => &mut keys.choices,
            "accept" => &mut keys.accept,
            "description" => &mut keys.description,
            "name" => &mut keys.name,
            "recommended" => &mut keys.recommended,
            "crate" => {
                errors.push(&ident, "`crate` belongs on the struct: `#[input(crate = \"…\")]` above `struct`");
                continue;
            }
            _ => {
                errors.push(&ident, format!("unknown input attribute `{name}`{}", did_you_mean(&name, NAMES)));
                continue;
            }
        };
        let Some(value) = value else {
            errors.push(&ident, format!("`{name}` needs a value: `{name} = …`"));
            continue;
        };
        if slot.is_some() {
            errors.push(&ident, format!("`{name}` is written twice"));
            continue;
        }
        *slot = Some(Key { ident, value });
    }
    keys
}

/// The path of this crate: `crate = "…"` above the struct, or `::cog_kit`.
pub(super) fn crate_path(attributes: &[Attribute], errors: &Errors) -> Path {
    let mut path = None;
    for Item { ident, value } in items(attributes, errors) {
        let name = ident.to_string();
        if name != "crate" {
            let place = if NAMES.contains(&name.as_str()) { "; it belongs on a field".to_owned() } else { did_you_mean(&name, &["crate"]) };
            errors.push(&ident, format!("unknown attribute `{name}` of a struct of inputs{place}"));
            continue;
        }
        let text = match &value {
            Some(Expr::Lit(literal)) => syn::parse2::<LitStr>(quote::ToTokens::to_token_stream(literal)).ok(),
            _ => None,
        };
        match text.as_ref().map(|text| text.parse_with(Path::parse_mod_style)) {
            Some(Ok(found)) => path = Some(found),
            _ => errors.push(&ident, "`crate` is the path of this crate in quotes, such as `crate = \"::my_crate::cog_kit\"`"),
        }
    }
    path.unwrap_or_else(default_crate)
}
