//! `#[input(…)]`: a list of keys, some with a value, some with a list of their own.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Expr, Ident, LitStr, Path, Token, parenthesized, token};

use crate::errors::Errors;
use crate::model::{GroupKey, Key, Keys, NestedGroup, RawChange};
use crate::suggest::did_you_mean;

use super::default_crate;

/// The keys of a field.
const NAMES: &[&str] = &[
    "default",
    "ge",
    "le",
    "min_length",
    "max_length",
    "regex",
    "choices",
    "deprecated",
    "accept",
    "description",
    "name",
    "recommended",
    "group",
];

/// The keys that a use of a group may change.
const CHANGEABLE: &[&str] = &["default", "ge", "le", "choices", "deprecated", "description", "name", "recommended"];

/// `key`, `key = value` or `key(…)`.
struct Item {
    ident: Ident,
    value: Value,
}

enum Value {
    None,
    Expr(Expr),
    List(TokenStream),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), "expected a key, such as `default = …`"))?;
        let value = if input.peek(token::Paren) {
            let list;
            parenthesized!(list in input);
            Value::List(list.parse()?)
        } else if input.parse::<Option<Token![=]>>()?.is_some() {
            Value::Expr(ungrouped(input.parse()?))
        } else {
            Value::None
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(format!("expected `,` or the end after `{ident}`")));
        }
        Ok(Self { ident, value })
    }
}

/// An expression without the invisible group that a `macro_rules!` puts around it.
fn ungrouped(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungrouped(*group.expr),
        expr => expr,
    }
}

/// The items of a list; a malformed one is reported and the next one read.
fn list(tokens: TokenStream, errors: &Errors) -> Vec<Item> {
    let mut items = Vec::new();
    let read = |input: ParseStream<'_>| {
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
    if let Err(error) = read.parse2(tokens) {
        errors.push_error(error);
    }
    items
}

/// The items of every `#[name(…)]` among the attributes.
fn items(name: &str, attributes: &[Attribute], errors: &Errors) -> Vec<Item> {
    let mut items = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        match attribute.meta.require_list() {
            Ok(meta) => items.extend(list(meta.tokens.clone(), errors)),
            Err(error) => errors.push_error(error),
        }
    }
    items
}

/// The keys of a field.
pub(super) fn field(attributes: &[Attribute], errors: &Errors) -> Keys {
    keys(items("input", attributes, errors), NAMES, errors)
}

fn keys(items: Vec<Item>, allowed: &[&str], errors: &Errors) -> Keys {
    let mut keys = Keys::default();
    for Item { ident, value } in items {
        let name = ident.to_string();
        if !allowed.contains(&name.as_str()) {
            let message = match name.as_str() {
                "crate" => "`crate` belongs on the struct: `#[input(crate = \"…\")]` above `struct`".to_owned(),
                known if NAMES.contains(&known) => format!("`{name}` of an input in a group cannot be changed from outside"),
                "required" | "optional" => {
                    format!("unknown input attribute `{name}`; an input is required unless it has a default or its type is `Option`")
                }
                "prefix" | "title" => format!("`{name}` belongs into the group: `group({name} = \"…\")`"),
                _ => format!("unknown input attribute `{name}`{}", did_you_mean(&name, allowed)),
            };
            errors.push(&ident, message);
            continue;
        }
        match (name.as_str(), value) {
            ("deprecated", Value::None) => {
                if keys.deprecated.replace(ident.span()).is_some() {
                    errors.push(&ident, "`deprecated` is written twice");
                }
            }
            ("deprecated", Value::Expr(value)) => errors.push(value, "`deprecated` stands alone, without a value"),
            ("group", _) if keys.group.is_some() => errors.push(&ident, "`group` is written twice"),
            ("group", Value::None) => keys.group = Some(nested_group(TokenStream::new(), errors)),
            ("group", Value::List(tokens)) => keys.group = Some(nested_group(tokens, errors)),
            ("group", Value::Expr(value)) => keys.group = Some(GroupKey::Title(Box::new(Key { ident, value }))),
            (_, Value::None) => errors.push(&ident, format!("`{name}` needs a value: `{name} = …`")),
            (_, Value::List(_)) => errors.push(&ident, format!("`{name}` takes its value after `=`: `{name} = …`")),
            (_, Value::Expr(value)) => match slot(&mut keys, &name) {
                Some(slot @ None) => *slot = Some(Key { ident, value }),
                _ => errors.push(&ident, format!("`{name}` is written twice")),
            },
        }
    }
    keys
}

fn slot<'a>(keys: &'a mut Keys, name: &str) -> Option<&'a mut Option<Key>> {
    Some(match name {
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
        _ => return None,
    })
}

/// `prefix = "…"`, `title = "…"`, and for each input that is to be different its name with keys in parentheses.
fn nested_group(tokens: TokenStream, errors: &Errors) -> GroupKey {
    let mut group = NestedGroup { prefix: None, title: None, changes: Vec::new() };
    for Item { ident, value } in list(tokens, errors) {
        let name = ident.to_string();
        match (name.as_str(), value) {
            ("prefix" | "title", Value::Expr(value)) => {
                let slot = if name == "prefix" { &mut group.prefix } else { &mut group.title };
                if slot.is_some() {
                    errors.push(&ident, format!("`{name}` is written twice"));
                }
                *slot = Some(Key { ident, value });
            }
            ("prefix" | "title", _) => errors.push(&ident, format!("`{name}` needs a value: `{name} = \"…\"`")),
            (_, Value::List(tokens)) => {
                let keys = keys(list(tokens, errors), CHANGEABLE, errors);
                group.changes.push(RawChange { target: ident, keys });
            }
            _ => {
                let names = ["prefix", "title"];
                let example = format!("; what is different about an input stands in parentheses: `{name}(default = …)`");
                let meant = did_you_mean(&name, &names);
                errors.push(&ident, format!("unknown key `{name}` of a group{}", if meant.is_empty() { example } else { meant }));
            }
        }
    }
    GroupKey::Nested(Box::new(group))
}

/// The path of this crate: `crate = "…"` above the type, or `::cog_kit`.
pub(crate) fn crate_path(attribute: &str, attributes: &[Attribute], errors: &Errors) -> Path {
    let mut path = None;
    for Item { ident, value } in items(attribute, attributes, errors) {
        let name = ident.to_string();
        if name != "crate" {
            let place = if NAMES.contains(&name.as_str()) { "; it belongs on a field".to_owned() } else { did_you_mean(&name, &["crate"]) };
            errors.push(&ident, format!("unknown attribute `{name}` of the type itself{place}"));
            continue;
        }
        let text = match &value {
            Value::Expr(expr) => syn::parse2::<LitStr>(expr.to_token_stream()).ok(),
            _ => None,
        };
        match text.as_ref().map(|text| text.parse_with(Path::parse_mod_style)) {
            Some(Ok(found)) => path = Some(found),
            _ => errors.push(&ident, "`crate` is the path of this crate in quotes, such as `crate = \"::my_crate::cog_kit\"`"),
        }
    }
    path.unwrap_or_else(default_crate)
}
