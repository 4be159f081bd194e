//! Tokens to `model::Raw`: what was written, with nothing judged but its form.

mod keys;
mod shape;

use proc_macro2::Span;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Lit, Meta, Path, parse_quote};

use crate::errors::Errors;
use crate::model::{Container, Raw, RawField};

pub(crate) use keys::crate_path;
pub(crate) use shape::Shape;

/// Reads a struct that derives `Input`.
pub(crate) fn input(item: &DeriveInput, errors: &Errors) -> Raw {
    let container =
        Container { ident: item.ident.clone(), generics: item.generics.clone(), krate: crate_path("input", &item.attrs, errors) };
    Raw { container, fields: fields(item, errors) }
}

fn fields(item: &DeriveInput, errors: &Errors) -> Vec<RawField> {
    let Data::Struct(data) = &item.data else {
        let found = if matches!(item.data, Data::Enum(_)) { "an enum" } else { "a union" };
        errors.push(&item.ident, format!("inputs are the named fields of a struct, found {found}"));
        return Vec::new();
    };
    if let Fields::Unnamed(fields) = &data.fields {
        errors.push(fields, "inputs are the named fields of a struct, found fields without names");
    }
    let named = data.fields.iter().filter_map(|field| Some((field.ident.clone()?, field)));
    let read = named.map(|(ident, field)| {
        let (optional, inner, shape) = Shape::of(&field.ty);
        RawField {
            ident,
            ty: field.ty.clone(),
            inner: inner.clone(),
            optional,
            shape,
            doc: doc(&field.attrs),
            computed_doc: docs(&field.attrs).find(|value| text_of_doc(value).is_none()).cloned(),
            keys: keys::field(&field.attrs, errors),
        }
    });
    read.collect()
}

/// The doc comment: lines of a paragraph joined by spaces, paragraphs by an empty line.
fn doc(attributes: &[Attribute]) -> Option<String> {
    let text = docs(attributes).filter_map(text_of_doc).collect::<Vec<_>>().join("\n");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty()).map(|paragraph| paragraph.join(" "));
    let text = paragraphs.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// The values of `#[doc = …]`, which is what a doc comment becomes.
fn docs(attributes: &[Attribute]) -> impl Iterator<Item = &Expr> {
    attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => Some(&pair.value),
        _ => None,
    })
}

/// The text of one attribute, without the stars in front of the lines of a block; none if only the compiler knows it.
fn text_of_doc(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(without_stars(&text.value())),
        // What a macro's `$text` stands for.
        Expr::Group(group) => text_of_doc(&group.expr),
        _ => None,
    }
}

fn without_stars(text: &str) -> String {
    let starless = |line: &str| line.trim_start().strip_prefix('*').map(str::to_owned);
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let lines: Option<Vec<String>> = rest.lines().filter(|line| !line.trim().is_empty()).map(starless).collect();
    match lines {
        Some(_) => rest.lines().fold(first.to_owned(), |text, line| text + "\n" + &starless(line).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The crate's own name, where nobody renamed it.
fn default_crate() -> Path {
    let name = syn::Ident::new("cog_kit", Span::call_site());
    parse_quote!(::#name)
}
