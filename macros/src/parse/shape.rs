//! What a type's name says about it, as far as a macro can know.

use syn::{GenericArgument, PathArguments, Type};

/// A type, told by its name. A name of somebody's own is `Other`: then the compiler checks what the macro cannot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Text,
    Integer(Integer),
    /// A float; the name is `f32` or `f64`.
    Float(&'static str),
    Boolean,
    File,
    Secret,
    Object,
    List(Box<Shape>),
    Other,
}

/// An integer type and what it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Integer {
    pub(crate) name: &'static str,
    pub(crate) min: i128,
    pub(crate) max: i128,
}

const INTEGERS: &[Integer] = &[
    Integer { name: "i8", min: i8::MIN as i128, max: i8::MAX as i128 },
    Integer { name: "i16", min: i16::MIN as i128, max: i16::MAX as i128 },
    Integer { name: "i32", min: i32::MIN as i128, max: i32::MAX as i128 },
    Integer { name: "i64", min: i64::MIN as i128, max: i64::MAX as i128 },
    Integer { name: "isize", min: i64::MIN as i128, max: i64::MAX as i128 },
    Integer { name: "u8", min: 0, max: u8::MAX as i128 },
    Integer { name: "u16", min: 0, max: u16::MAX as i128 },
    Integer { name: "u32", min: 0, max: u32::MAX as i128 },
    Integer { name: "u64", min: 0, max: u64::MAX as i128 },
    Integer { name: "usize", min: 0, max: u64::MAX as i128 },
];

impl Shape {
    /// Whether the type is an `Option`, what is inside, and its shape.
    pub(crate) fn of(ty: &Type) -> (bool, &Type, Self) {
        match named(ty) {
            Some((name, Some(inner))) if name == "Option" => (true, inner, Self::plain(inner)),
            _ => (false, ty, Self::plain(ty)),
        }
    }

    fn plain(ty: &Type) -> Self {
        let Some((name, inner)) = named(ty) else { return Self::Other };
        match (name.as_str(), inner) {
            ("Vec", Some(inner)) => Self::List(Box::new(Self::plain(inner))),
            ("Json" | "Map", Some(_)) => Self::Object,
            (_, Some(_)) => Self::Other,
            ("String", None) => Self::Text,
            ("bool", None) => Self::Boolean,
            ("f32", None) => Self::Float("f32"),
            ("f64", None) => Self::Float("f64"),
            ("Path" | "Image" | "File", None) => Self::File,
            ("Secret", None) => Self::Secret,
            (name, None) => INTEGERS.iter().find(|integer| integer.name == name).map_or(Self::Other, |integer| Self::Integer(*integer)),
        }
    }

    /// Whether a name of somebody's own is in it.
    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Self::Other => true,
            Self::List(item) => item.is_unknown(),
            _ => false,
        }
    }

    /// What it is called in a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Integer(integer) if integer.name.starts_with('u') => format!("a `{}`", integer.name),
            Self::Integer(integer) => format!("an `{}`", integer.name),
            Self::Float(name) => format!("an `{name}`"),
            Self::Boolean => "a `bool`".to_owned(),
            Self::File => "a file".to_owned(),
            Self::Secret => "a secret".to_owned(),
            Self::Object => "an object".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Other => "this type".to_owned(),
        }
    }
}

/// The last name of a path and its only type argument, if it has one.
fn named(ty: &Type) -> Option<(String, Option<&Type>)> {
    let path = match ty {
        Type::Path(path) => &path.path,
        Type::Group(group) => return named(&group.elem),
        Type::Paren(paren) => return named(&paren.elem),
        _ => return None,
    };
    let segment = path.segments.last()?;
    let inner = match &segment.arguments {
        PathArguments::None => None,
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        PathArguments::Parenthesized(_) => return None,
    };
    Some((segment.ident.to_string(), inner))
}
