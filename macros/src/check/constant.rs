//! Values that are known while compiling.

mod object;

use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use crate::errors::Errors;
use crate::model::{Constant, Key, RawField};
use crate::parse::Shape;

/// The value of an expression made of literals alone.
pub(crate) fn constant(expr: &Expr) -> Option<Constant> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(Constant::Text(text.value())),
            Lit::Bool(boolean) => Some(Constant::Boolean(boolean.value)),
            Lit::Int(integer) => integer.base10_digits().parse().ok().map(Constant::Integer),
            Lit::Float(float) => float.base10_parse().ok().map(Constant::Float),
            _ => None,
        },
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match constant(expr)? {
            Constant::Integer(integer) => Some(Constant::Integer(-integer)),
            Constant::Float(float) => Some(Constant::Float(-float)),
            _ => None,
        },
        Expr::Path(path) if path.path.is_ident("None") => Some(Constant::Null),
        Expr::Array(array) => array.elems.iter().map(constant).collect::<Option<_>>().map(Constant::List),
        Expr::Group(group) => constant(&group.expr),
        Expr::Paren(paren) => constant(&paren.expr),
        Expr::Macro(json) if json.mac.path.is_ident("json") => object::object(&json.mac),
        _ => None,
    }
}

/// Whether only the compiler can tell what an expression is: a constant by name, a calculation.
fn is_computed(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => !path.path.is_ident("None"),
        Expr::Binary(_) | Expr::Cast(_) | Expr::Block(_) | Expr::Const(_) | Expr::Call(_) | Expr::MethodCall(_) => true,
        Expr::Unary(unary) => is_computed(&unary.expr),
        Expr::Group(group) => is_computed(&group.expr),
        Expr::Paren(paren) => is_computed(&paren.expr),
        _ => false,
    }
}

/// The literal inside `Some(…)`, `String::from(…)` and `….to_string()`.
fn wrapped(expr: &Expr) -> Option<&Expr> {
    let inner = match expr {
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return None };
            let last = function.path.segments.last()?;
            call.args.first().filter(|_| call.args.len() == 1 && (last.ident == "Some" || last.ident == "from"))
        }
        Expr::MethodCall(call) if ["to_string", "to_owned", "into"].iter().any(|name| call.method == name) => Some(&*call.receiver),
        _ => None,
    }?;
    constant(inner).is_some().then_some(inner)
}

/// A value of a given shape; anything else is reported, with `what` it is.
pub(super) fn of_shape(what: &str, expr: &Expr, shape: &Shape, errors: &Errors) -> Option<Constant> {
    // #[input(default = Some(3))] x: Option<u32>
    if let Some(plain) = wrapped(expr) {
        errors.push(expr, format!("{what} is written plainly, as a request would: `{}`", plain.to_token_stream()));
        return None;
    }
    if is_computed(expr) {
        if matches!(shape, Shape::Text | Shape::Integer(_) | Shape::Float(_) | Shape::Boolean) {
            return Some(Constant::Computed(Box::new(expr.clone()), shape.clone()));
        }
        errors.push(expr, format!("{what} of {} must be written out", shape.describe()));
        return None;
    }
    let found = constant(expr);
    let wrong = |expected: &str| {
        errors.push(expr, format!("{what} of {} must be {expected}", shape.describe()));
        None
    };
    match (shape, found) {
        // #[input(default = 300)] x: u8
        (Shape::Integer(integer), Some(Constant::Integer(value))) => {
            if value < integer.min || value > integer.max {
                errors.push(expr, format!("{value} does not fit `{}`, which holds {} to {}", integer.name, integer.min, integer.max));
                return None;
            }
            Some(Constant::Integer(value))
        }
        (Shape::Integer(_), _) => wrong("a whole number"),
        #[expect(clippy::cast_precision_loss, reason = "an integer literal on a float input means the nearest float")]
        (Shape::Float(_), Some(Constant::Integer(value))) => Some(Constant::Float(value as f64)),
        (Shape::Float(name), Some(Constant::Float(value))) => {
            let greatest = if *name == "f32" { f64::from(f32::MAX) } else { f64::MAX };
            if value.abs() > greatest {
                errors.push(expr, format!("{} does not fit `{name}`", expr.to_token_stream()));
                return None;
            }
            Some(Constant::Float(value))
        }
        (Shape::Float(_), _) => wrong("a number"),
        (Shape::Boolean, Some(Constant::Boolean(value))) => Some(Constant::Boolean(value)),
        (Shape::Boolean, _) => wrong("`true` or `false`"),
        (Shape::Text, Some(Constant::Text(value))) => Some(Constant::Text(value)),
        (Shape::Text, _) => wrong("a text in quotes"),
        // #[input(default = "photo.jpg")] image: Path
        (Shape::File, Some(Constant::Text(value))) => {
            if ["http://", "https://", "data:"].iter().any(|scheme| value.starts_with(scheme)) {
                Some(Constant::Text(value))
            } else {
                wrong("an http(s) URL or a data URI; a file of your own belongs into `setup`")
            }
        }
        (Shape::File, _) => wrong("an http(s) URL or a data URI in quotes"),
        (Shape::List(item), _) => match expr {
            Expr::Array(array) => {
                let items: Vec<_> = array.elems.iter().map(|expr| of_shape(what, expr, item, errors)).collect();
                items.into_iter().collect::<Option<_>>().map(Constant::List)
            }
            _ => wrong("a list: `[…]`"),
        },
        // #[input(default = "hunter2")] token: Secret
        (Shape::Secret, _) => wrong("left out or `None`; the schema would show it to everybody"),
        (Shape::Object, Some(Constant::Object(fields))) => Some(Constant::Object(fields)),
        (Shape::Object, _) => wrong("an object: `json!({ \"a\": 1 })`"),
        (Shape::Other, Some(value)) => Some(value),
        (Shape::Other, None) => wrong("a literal"),
    }
}

/// Whether a key of the field has a value that only the compiler knows.
pub(super) fn any_computed(field: &RawField) -> bool {
    let keys = &field.keys;
    let range = keys.recommended.iter().filter_map(|key| if let Expr::Range(range) = &key.value { Some(range) } else { None });
    let ends = range.flat_map(|range| [&range.start, &range.end]).flatten().map(|end| &**end);
    [&keys.default, &keys.ge, &keys.le].into_iter().flatten().map(|key| &key.value).chain(ends).any(is_computed)
}

/// The default of an input.
pub(super) fn default(key: &Key, field: &RawField, errors: &Errors) -> Option<Constant> {
    if constant(&key.value) == Some(Constant::Null) {
        // #[input(default = None)] x: u32
        // A type of somebody's own may be optional without saying so; the compiler knows.
        if !field.optional && field.shape != Shape::Other {
            let found = field.ty.to_token_stream();
            errors.push(
                &key.value,
                format!("`default = None` is for `Option`, and this input is `{found}`; without `default` it is required"),
            );
            return None;
        }
        return Some(Constant::Null);
    }
    // #[input(default = Scheduler::Euler)] scheduler: Scheduler
    if field.shape == Shape::Other && is_computed(&key.value) {
        return Some(Constant::Computed(Box::new(key.value.clone()), Shape::Other));
    }
    of_shape("`default`", &key.value, &field.shape, errors)
}
