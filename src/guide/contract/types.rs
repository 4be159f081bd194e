//! The types that Cog's schema generator knows, for inputs and for results.

use super::annotation::Annotation;
use super::models::Models;
use super::names::Names;

/// Models inside models are followed this far; Cog itself stops only where they repeat.
const MAX_DEPTH: usize = 32;

/// Why a type is refused, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) reason: String,
    pub(crate) instead: String,
}

fn refused<T>(reason: impl Into<String>, instead: impl Into<String>) -> Result<T, Refused> {
    Err(Refused { reason: reason.into(), instead: instead.into() })
}

/// A scalar of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Bool,
    Float,
    Integer,
    Text,
    Path,
    File,
    Secret,
    /// `Any`, dictionaries and what is said to be opaque: an object.
    Any,
}

impl Scalar {
    fn named(name: &str) -> Option<Self> {
        match name {
            "bool" => Some(Self::Bool),
            "float" => Some(Self::Float),
            "int" => Some(Self::Integer),
            "str" => Some(Self::Text),
            "Path" => Some(Self::Path),
            "File" => Some(Self::File),
            "Secret" => Some(Self::Secret),
            "Any" => Some(Self::Any),
            _ => None,
        }
    }
}

/// The type of an input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InputType {
    pub(crate) shape: Shape,
    pub(crate) nullable: bool,
}

/// The type of an input without its `None`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Scalar(Scalar),
    List(Box<InputType>),
    Union(Vec<InputType>),
}

impl InputType {
    const fn scalar(scalar: Scalar) -> Self {
        Self { shape: Shape::Scalar(scalar), nullable: false }
    }

    fn list(item: Self) -> Self {
        Self { shape: Shape::List(Box::new(item)), nullable: false }
    }

    /// Whether a file is the value or an element.
    pub(crate) fn has_file(&self) -> bool {
        match &self.shape {
            Shape::Scalar(scalar) => matches!(scalar, Scalar::Path | Scalar::File),
            Shape::List(item) => item.has_file(),
            Shape::Union(members) => members.iter().any(Self::has_file),
        }
    }
}

/// What a name means where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) names: &'c Names,
    pub(crate) models: &'c Models,
}

impl Context<'_> {
    /// The arguments of `Annotated[…]`, when the annotation is one.
    fn annotated<'a>(&self, annotation: &'a Annotation) -> Option<&'a [Annotation]> {
        match annotation {
            Annotation::Generic(name, arguments) if self.names.is_typing(name, "Annotated") => Some(arguments),
            _ => None,
        }
    }

    /// The type inside `Annotated[…, Opaque]`.
    fn opaque<'a>(&self, annotation: &'a Annotation) -> Option<&'a Annotation> {
        let (inner, metadata) = self.annotated(annotation)?.split_first()?;
        let is_opaque = |item: &Annotation| matches!(item, Annotation::Name(name) if self.names.is(name, &["cog"], "Opaque"));
        metadata.iter().any(is_opaque).then_some(inner)
    }

    /// The type inside an `Optional` of typing's or a union with `None`.
    fn optional<'a>(&self, annotation: &'a Annotation) -> Option<&'a Annotation> {
        match annotation {
            Annotation::Generic(name, arguments) => {
                let container = self.names.container(name).or_else(|| (name == "Optional" || name == "Union").then_some(name))?;
                match (container, arguments.as_slice()) {
                    ("Optional", [inner]) => Some(inner),
                    ("Union", [inner, none]) | ("Union", [none, inner]) if none.is_none() => Some(inner),
                    _ => None,
                }
            }
            Annotation::Union(members) => match members.as_slice() {
                [inner, none] | [none, inner] if none.is_none() => Some(inner),
                _ => None,
            },
            Annotation::Name(_) => None,
        }
    }

    /// Why a name is no type, in words.
    fn unknown(&self, name: &str, of: &str) -> Refused {
        let plain = self.names.unqualified(name);
        let origin = self.names.get(name).or_else(|| self.names.get(name.split('.').next().unwrap_or(name)));
        let reason = match origin.filter(|origin| origin.module != "builtins") {
            Some(origin) => format!("`{name}` of `{}` is no {of} that Cog knows", origin.module),
            None => format!("`{name}` is no {of} that Cog knows"),
        };
        let renamed = origin.filter(|origin| origin.module == "cog" && origin.original != plain).map(|origin| origin.original.as_str());
        Refused {
            reason,
            instead: renamed
                .map_or_else(|| instead_of(plain, of), |original| format!("the name `{original}`: Cog knows its types by their spelling")),
        }
    }

    /// The type of an input.
    pub(crate) fn input(&self, annotation: &Annotation) -> Result<InputType, Refused> {
        self.input_within(annotation, MAX_DEPTH)
    }

    fn input_within(&self, annotation: &Annotation, depth: usize) -> Result<InputType, Refused> {
        let Some(depth) = depth.checked_sub(1) else { return refused("the type is nested too deeply", "a simpler type") };
        if let Some(inner) = self.opaque(annotation) {
            return Ok(self.opaque_input(inner, depth));
        }
        match annotation {
            Annotation::Name(name) => {
                let plain = self.names.unqualified(name);
                if self.models.is_typed_dict(name, self.names) || matches!(plain, "dict" | "Dict") {
                    return Ok(InputType::scalar(Scalar::Any));
                }
                Scalar::named(plain).map(InputType::scalar).ok_or_else(|| {
                    if self.models.get(name, self.names).is_some() {
                        let reason = format!("`{name}` is a BaseModel, which Cog takes as a result and not as an input");
                        return Refused { reason, instead: "`dict` or a TypedDict".to_owned() };
                    }
                    self.unknown(name, "input type")
                })
            }
            Annotation::Generic(name, arguments) => match (self.names.unqualified(name), arguments.as_slice()) {
                ("dict" | "Dict", _) => Ok(InputType::scalar(Scalar::Any)),
                ("Optional", [inner]) => Ok(InputType { nullable: true, ..self.input_within(inner, depth)? }),
                ("Union", members) => self.union(members, depth),
                _ if self.annotated(annotation).is_some() => match arguments.first() {
                    Some(inner) => self.input_within(inner, depth),
                    None => refused("`Annotated` needs a type", "the type inside of it"),
                },
                ("List" | "list", [item]) => {
                    let item = self.input_within(item, depth)?;
                    if item.nullable || !matches!(item.shape, Shape::Scalar(_)) {
                        return refused(
                            "the elements of a list cannot be lists, unions or Optional",
                            "a list of one plain type, such as `list[str]`",
                        );
                    }
                    Ok(InputType::list(item))
                }
                (outer @ ("List" | "list" | "Optional"), _) => {
                    refused(format!("`{outer}[…]` takes one type"), format!("`{outer}[str]` or another single type"))
                }
                (outer, _) => refused(format!("`{outer}[…]` is no input type that Cog knows"), instead_of(outer, "input type")),
            },
            Annotation::Union(members) => self.union(members, depth),
        }
    }

    fn union(&self, members: &[Annotation], depth: usize) -> Result<InputType, Refused> {
        let (mut variants, mut nullable) = (Vec::new(), false);
        for member in members {
            if member.is_none() {
                nullable = true;
                continue;
            }
            let is_union = match member {
                Annotation::Union(_) => true,
                Annotation::Generic(name, _) => name == "Union",
                Annotation::Name(_) => false,
            };
            let variant = self.input_within(member, depth)?;
            if is_union || matches!(variant.shape, Shape::Union(_)) {
                return refused("a union stands inside a union", "one union with all the types");
            }
            variants.push(variant);
        }
        if let [_] = variants.as_slice()
            && let Some(only) = variants.pop()
        {
            return Ok(InputType { nullable: only.nullable || nullable, ..only });
        }
        if variants.is_empty() {
            return refused("the union has no type but None", "a type beside None");
        }
        for variant in &variants {
            if variant.nullable {
                return refused("an Optional stands inside a union", "`None` as a member of the union");
            }
            let item = match &variant.shape {
                Shape::List(item) => &item.shape,
                other => other,
            };
            if matches!(item, Shape::Scalar(Scalar::Path | Scalar::File | Scalar::Secret)) {
                return refused("files and secrets cannot be one of several types", "an input for each type");
            }
        }
        Ok(InputType { shape: Shape::Union(variants), nullable })
    }

    /// What is opaque is an object, or a list of objects.
    fn opaque_input(&self, inner: &Annotation, depth: usize) -> InputType {
        let Some(depth) = depth.checked_sub(1) else { return InputType::scalar(Scalar::Any) };
        if let Some(inner) = self.opaque(inner) {
            return self.opaque_input(inner, depth);
        }
        if let Some(optional) = self.optional(inner) {
            return InputType { nullable: true, ..self.opaque_input(optional, depth) };
        }
        let (Annotation::Name(name) | Annotation::Generic(name, _)) = inner else { return InputType::scalar(Scalar::Any) };
        if matches!(self.names.container(name), Some("List" | "list")) {
            return InputType::list(InputType::scalar(Scalar::Any));
        }
        InputType::scalar(Scalar::Any)
    }

    /// The type of a result; whether it is an iterator comes out.
    pub(crate) fn output(&self, annotation: &Annotation) -> Result<bool, Refused> {
        self.output_within(annotation, &mut Vec::new(), MAX_DEPTH)
    }

    fn output_within(&self, annotation: &Annotation, seen: &mut Vec<String>, depth: usize) -> Result<bool, Refused> {
        let Some(depth) = depth.checked_sub(1) else { return Ok(false) };
        if let Some(inner) = self.opaque(annotation) {
            return if self.optional(inner).is_some() { Err(nullable()) } else { Ok(false) };
        }
        if let Some(arguments) = self.annotated(annotation) {
            return match arguments.first() {
                Some(inner) => self.output_within(inner, seen, depth),
                None => refused("`Annotated` needs a type", "the type inside of it"),
            };
        }
        match annotation {
            Annotation::Name(name) => self.output_name(name, seen, depth),
            Annotation::Generic(name, arguments) => self.output_generic(name, arguments, seen, depth),
            Annotation::Union(members) if members.len() == 2 && members.iter().any(Annotation::is_none) => Err(nullable()),
            Annotation::Union(_) => Err(union_result()),
        }
    }

    fn output_name(&self, name: &str, seen: &mut Vec<String>, depth: usize) -> Result<bool, Refused> {
        if let Some(fields) = self.models.get(name, self.names) {
            if seen.iter().any(|model| model == name) {
                return Ok(false);
            }
            seen.push(name.to_owned());
            for field in fields {
                let inner = match self.opaque(&field.annotation) {
                    Some(_) => continue,
                    None => self.optional(&field.annotation).unwrap_or(&field.annotation),
                };
                self.output_within(inner, seen, depth)
                    .map_err(|fault| Refused { reason: format!("field `{}` of `{name}`: {}", field.name, fault.reason), ..fault })?;
            }
            seen.pop();
            return Ok(false);
        }
        let plain = self.names.unqualified(name);
        let known = matches!(plain, "dict" | "Dict")
            || Scalar::named(plain).is_some()
            || matches!(self.names.container(name), Some("list" | "List"));
        if known { Ok(false) } else { Err(self.unknown(name, "result type")) }
    }

    fn output_generic(&self, name: &str, arguments: &[Annotation], seen: &mut Vec<String>, depth: usize) -> Result<bool, Refused> {
        let outer = self.names.unqualified(name);
        match (outer, arguments) {
            ("dict" | "Dict", [_, value]) => self.output_within(value, seen, depth).map(|_| false),
            ("dict" | "Dict", _) => refused("`dict[…]` takes two types", "`dict[str, int]` or another pair"),
            ("Optional", _) => Err(nullable()),
            ("Union", [first, second]) if first.is_none() || second.is_none() => Err(nullable()),
            ("Union", _) => Err(union_result()),
            ("Iterator" | "AsyncIterator", [item]) => self.output_within(item, seen, depth).map(|_| true),
            ("ConcatenateIterator" | "AsyncConcatenateIterator", [Annotation::Name(item)]) if item == "str" => Ok(true),
            ("ConcatenateIterator" | "AsyncConcatenateIterator", _) => refused(
                format!("`{outer}` yields pieces of text and nothing else"),
                format!("`{outer}[str]`, or `Iterator[…]` of another type"),
            ),
            ("Iterator" | "AsyncIterator", _) => {
                refused(format!("`{outer}[…]` takes one type"), format!("`{outer}[str]` or another single type"))
            }
            _ if matches!(self.names.container(name), Some("list" | "List")) => match arguments {
                [item] => self.output_within(item, seen, depth).map(|_| false),
                _ => refused("a list takes one type", "`list[Path]` or another single type"),
            },
            _ => refused(format!("`{name}[…]` is no result type that Cog knows"), instead_of(outer, "result type")),
        }
    }
}

fn nullable() -> Refused {
    Refused {
        reason: "a result cannot be None".to_owned(),
        instead: "the type without None; raise an exception when there is no result, or return a BaseModel with an Optional field"
            .to_owned(),
    }
}

fn union_result() -> Refused {
    Refused {
        reason: "a result has one type, not one of several".to_owned(),
        instead: "one type, or a BaseModel with a field for each".to_owned(),
    }
}

/// What to write in place of a type that Cog has not.
fn instead_of(name: &str, of: &str) -> String {
    let input = of == "input type";
    let text = match name {
        "tuple" | "Tuple" | "NamedTuple" if !input => "a BaseModel with a field for each part, or `list[…]` when all parts are of one type",
        "tuple" | "Tuple" | "set" | "Set" | "frozenset" | "FrozenSet" | "Sequence" | "Iterable" | "Collection" | "deque" => "`list[…]`",
        "list" | "List" => "the type of the elements, such as `list[str]`",
        "Mapping" | "MutableMapping" | "defaultdict" | "OrderedDict" | "Counter" => "`dict`",
        "Literal" if input => "`str` with `choices=[…]` in `Input(…)`",
        "Generator" => "`Iterator[…]` with the type that is yielded",
        "AsyncGenerator" | "AsyncIterable" => "`AsyncIterator[…]` with the type that is yielded",
        "Iterator" | "AsyncIterator" | "ConcatenateIterator" | "AsyncConcatenateIterator" if !input => {
            "the type that is yielded, such as `Iterator[str]`"
        }
        "None" | "NoReturn" | "Never" if !input => "the type of what is returned, such as `Path` or `str`",
        "Literal" | "LiteralString" | "AnyStr" | "UUID" | "datetime" | "date" | "time" | "Decimal" | "Enum" | "StrEnum" => "`str`",
        "bytes" | "bytearray" | "Image" | "ndarray" | "Tensor" | "BytesIO" | "PathLike" | "PosixPath" => "`Path` from cog: a file",
        "Final" | "ClassVar" => "the type inside of it",
        "BaseModel" => "a class of your own that derives from BaseModel",
        _ if input => {
            "`str`, `int`, `float`, `bool`, `Path`, `Secret`, `dict` or a list of one of them; for a closed set, `str` with `choices=[…]`"
        }
        _ => {
            "`str`, `int`, `float`, `bool`, `Path`, `dict`, a list or an iterator of one of them, or a BaseModel at the top level of this file or of a file beside it"
        }
    };
    text.to_owned()
}
