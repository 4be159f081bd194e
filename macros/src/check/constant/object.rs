//! `json!({ … })`: an object written out.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Macro, Token, braced, bracketed, token};

use crate::model::Constant;

/// The object inside the macro, if it is made of literals alone.
pub(super) fn object(json: &Macro) -> Option<Constant> {
    json.parse_body::<Json>().ok().map(|json| json.0).filter(|constant| matches!(constant, Constant::Object(_)))
}

struct Json(Constant);

impl Parse for Json {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let content;
        if input.peek(token::Brace) {
            braced!(content in input);
            let fields = Punctuated::<Field, Token![,]>::parse_terminated(&content)?;
            return Ok(Self(Constant::Object(fields.into_iter().map(|field| (field.name, field.value)).collect())));
        }
        if input.peek(token::Bracket) {
            bracketed!(content in input);
            let items = Punctuated::<Self, Token![,]>::parse_terminated(&content)?;
            return Ok(Self(Constant::List(items.into_iter().map(|item| item.0).collect())));
        }
        let expr: Expr = input.parse()?;
        if matches!(&expr, Expr::Path(path) if path.path.is_ident("null")) {
            return Ok(Self(Constant::Null));
        }
        super::constant(&expr).map(Self).ok_or_else(|| syn::Error::new_spanned(&expr, "expected a literal"))
    }
}

struct Field {
    name: String,
    value: Constant,
}

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse::<LitStr>()?.value();
        input.parse::<Token![:]>()?;
        Ok(Self { name, value: input.parse::<Json>()?.0 })
    }
}
