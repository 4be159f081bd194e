//! The parameters as inputs: their types, and what `Input(…)` says of them.

use std::collections::HashMap;

use super::annotation::annotation;
use super::described;
use super::document;
use super::names::Names;
use super::registry;
use super::types::{Context, InputType, Shape};
use super::values::{self, Altered, Scope, Value};
use super::{Remark, RemarkKind};
use crate::guide::finding::Level;
use crate::guide::python::Module;
use crate::guide::python::syntax::Node;
use crate::guide::source::Span;

/// What Cog reads of one input.
#[derive(Debug, Default)]
pub(crate) struct Facts<'m> {
    pub(crate) default: Option<Value>,
    pub(crate) default_node: Option<Node<'m>>,
    pub(crate) default_lost: bool,
    pub(crate) ge: Option<f64>,
    pub(crate) le: Option<f64>,
    pub(crate) min_length: Option<f64>,
    pub(crate) max_length: Option<f64>,
    pub(crate) regex: Option<(String, Node<'m>)>,
    pub(crate) choices: Option<Vec<Value>>,
    pub(crate) accept: Option<Node<'m>>,
}

/// The file that is read.
pub(crate) struct File<'m> {
    pub(crate) module: &'m Module,
    pub(crate) names: &'m Names,
    pub(crate) scope: &'m Scope,
    pub(crate) context: Context<'m>,
}

/// One parameter while it is read.
pub(crate) struct Parameter<'m> {
    pub(crate) name: &'m str,
    pub(crate) place: Span,
    pub(crate) scope: Span,
}

impl Parameter<'_> {
    fn remark(&self, kind: RemarkKind, place: Span, message: String, instead: impl Into<String>) -> Remark {
        Remark { scope: self.scope, ..Remark::new(kind, place, message, instead) }
    }
}

/// Reads all parameters of a function; names of inputs whose default Cog does not read come out.
pub(crate) fn inputs(file: &File<'_>, function: Node<'_>, in_class: bool, remarks: &mut Vec<Remark>) -> Vec<String> {
    let mut lost = Vec::new();
    let mut first = true;
    for node in function.field("parameters").into_iter().flat_map(Node::named_children) {
        let name = node.field("name").unwrap_or(node);
        match node.kind() {
            "identifier" | "default_parameter" if let Some(described) = described::instead(file.module, function, name.text()) => {
                let message = format!("input `{}` is described by a decorator, which Cog no longer reads", name.text());
                remarks.push(Remark::new(RemarkKind::Untyped, file.module.span(name), message, described));
            }
            "identifier" if first && (in_class || node.text() == "self") => {}
            "identifier" => {
                let name = node.text();
                let message = format!("Cog leaves parameter `{name}` out of the inputs: it has no type");
                remarks.push(Remark::new(
                    RemarkKind::Unpublished,
                    file.module.span(node),
                    message,
                    format!("`{name}: str` or another type"),
                ));
            }
            "typed_parameter" | "typed_default_parameter" | "default_parameter" => {
                if let Some(name) = parameter(file, node, remarks) {
                    lost.push(name);
                }
            }
            _ => continue,
        }
        first = false;
    }
    lost
}

/// Reads one parameter; its name comes out if its default is lost.
fn parameter(file: &File<'_>, node: Node<'_>, remarks: &mut Vec<Remark>) -> Option<String> {
    let name = node.field("name").or_else(|| node.named_children().next())?;
    let place = file.module.span(name);
    let parameter = Parameter { name: name.text(), place, scope: file.module.span(node) };
    if name.kind() != "identifier" {
        let message = format!("Cog cannot read `{}`: inputs have names", node.text());
        remarks.push(parameter.remark(RemarkKind::InputType, place, message, "an input for each value"));
        return None;
    }
    let value = node.field("value");
    let Some(written) = node.field("type") else {
        let known = value.and_then(values::literal).map_or("str", |value| type_of(&value));
        let message = format!("input `{}` has a default and no type", parameter.name);
        let default = value.map_or("…", Node::text);
        let instead = format!("`{}: {known} = {default}`", parameter.name);
        remarks.push(parameter.remark(RemarkKind::Untyped, place, message, instead));
        return None;
    };
    let typed = match annotation(written) {
        Some(read) => file.context.input(&read).map_err(|fault| (fault.reason, fault.instead)),
        None => Err(unreadable(written)),
    };
    let mut kind = None;
    match typed {
        Ok(typed) => kind = Some(typed),
        Err((reason, instead)) => {
            let message = format!("Cog refuses the type of input `{}`: {reason}", parameter.name);
            remarks.push(parameter.remark(RemarkKind::InputType, file.module.span(written), message, instead));
        }
    }
    let Some(value) = value else {
        if let Some(InputType { shape: Shape::Union(_), nullable: true }) = kind {
            let message = format!(
                "`{}` may be None and still has to be given: a union with several types is optional only with a default",
                parameter.name
            );
            remarks.push(parameter.remark(RemarkKind::Lost, place, message, "`= None` behind the type"));
        }
        return None;
    };
    let facts = default(file, &parameter, value, remarks)?;
    document::check(file, &parameter, kind.as_ref(), &facts, remarks);
    facts.default_lost.then(|| parameter.name.to_owned())
}

/// An annotation that has a form which Cog does not read, and what to write.
pub(crate) fn unreadable(written: Node<'_>) -> (String, String) {
    let text: String = written.text().split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
    let trailing = text.replace(' ', "").contains(",]");
    let instead = if trailing { "the type without the comma at the end" } else { "a name, or a name with types in square brackets" };
    (format!("it cannot read `{text}`"), instead.to_owned())
}

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::List(_) | Value::Set(_) => "list[str]",
        Value::Dict(_) => "dict",
        Value::None | Value::Text(_) => "str",
    }
}

/// Reads what stands behind `=`; nothing if Cog refuses it.
fn default<'m>(file: &File<'m>, parameter: &Parameter<'_>, value: Node<'m>, remarks: &mut Vec<Remark>) -> Option<Facts<'m>> {
    if is_input(value, file.names) {
        return input_call(file, parameter, value, &HashMap::new(), remarks);
    }
    if let Some((call, overrides)) = registry::reference(file, value) {
        return input_call(file, parameter, call, &overrides, remarks);
    }
    if let Some(read) = values::resolved(value, file.scope) {
        partly_read(file, parameter, value, remarks);
        altered(file, parameter, "default", value, remarks);
        return Some(Facts { default: Some(read), default_node: Some(value), ..Facts::default() });
    }
    let qualified = value.field("function").is_some_and(|function| file.module.path(function) == "cog.Input" && value.kind() == "call");
    if !qualified {
        let message = format!("Cog cannot read the default of `{}` without running the file, and refuses it", parameter.name);
        let instead = default_instead(value);
        remarks.push(parameter.remark(RemarkKind::Default, file.module.span(value), message, instead));
    }
    None
}

/// What to write instead of a default that only running Python would tell.
fn default_instead(value: Node<'_>) -> String {
    match value.kind() {
        "parenthesized_expression" => "the value without parentheses".to_owned(),
        "string" => "a string without a prefix other than `r`, in lower case".to_owned(),
        "identifier" => "a literal, or the name of a constant that this file sets to a literal at its top level".to_owned(),
        "call" => "a literal, or `Input(default=…)` with one".to_owned(),
        _ => "the value itself, written out".to_owned(),
    }
}

/// Whether this is a call of `Input`, by its name or an alias imported from cog.
pub(crate) fn is_input(node: Node<'_>, names: &Names) -> bool {
    let function = (node.kind() == "call").then(|| node.field("function")).flatten();
    function.is_some_and(|function| {
        let name = function.text();
        name == "Input" || (!name.contains('.') && names.is(name, &["cog"], "Input"))
    })
}

type Overrides<'m> = HashMap<String, Node<'m>>;

fn input_call<'m>(
    file: &File<'m>,
    parameter: &Parameter<'_>,
    call: Node<'m>,
    overrides: &Overrides<'m>,
    remarks: &mut Vec<Remark>,
) -> Option<Facts<'m>> {
    let mut facts = Facts::default();
    let mut refused = false;
    let arguments: Vec<Node<'m>> = call.field("arguments").into_iter().flat_map(Node::children).collect();
    let said: Vec<&str> = arguments.iter().filter_map(|argument| argument.field("name")).map(Node::text).collect();
    for argument in &arguments {
        let (Some(name), Some(value)) = (argument.field("name"), argument.field("value")) else {
            remarks.push(positional(file, parameter, *argument, said.contains(&"description")));
            continue;
        };
        if overrides.contains_key(name.text()) {
            continue;
        }
        refused |= keyword(file, parameter, name.text(), value, &mut facts, remarks);
    }
    for (name, value) in overrides.iter().filter(|(name, _)| matches!(name.as_str(), "default" | "description" | "ge" | "le")) {
        refused |= keyword(file, parameter, name, *value, &mut facts, remarks);
    }
    (!refused).then_some(facts)
}

/// An argument without a keyword, which Cog passes over.
fn positional(file: &File<'_>, parameter: &Parameter<'_>, argument: Node<'_>, described: bool) -> Remark {
    let place = file.module.span(argument);
    let written: String = argument.text().chars().take(60).collect();
    if argument.kind().ends_with("splat") {
        let message = format!("Cog passes over `{written}` in the `Input(…)` of `{}`", parameter.name);
        return parameter.remark(RemarkKind::Lost, place, message, "each keyword with its value");
    }
    let is_prose = matches!(argument.kind(), "string" | "concatenated_string") && argument.text().trim().contains(' ') && !described;
    let (what, keyword) = if is_prose { ("description", "description") } else { ("default", "default") };
    let message = format!("Cog passes over the {what} of `{}`: it is given without its keyword", parameter.name);
    let mut remark = parameter.remark(RemarkKind::Default, place, message, format!("`{keyword}={written}`"));
    remark.level = Some(Level::Warning);
    remark
}

/// Reads one keyword; whether Cog refuses it comes out.
fn keyword<'m>(
    file: &File<'m>,
    parameter: &Parameter<'_>,
    name: &str,
    value: Node<'m>,
    facts: &mut Facts<'m>,
    remarks: &mut Vec<Remark>,
) -> bool {
    let place = file.module.span(value);
    let of = parameter.name;
    let is_none = value.kind() == "none";
    let mut lost = |what: &str, instead: &str| {
        if !is_none {
            remarks.push(parameter.remark(
                RemarkKind::Lost,
                place,
                format!("Cog drops the {what} of `{of}`: it cannot be read without running the file"),
                instead,
            ));
        }
    };
    match name {
        "default" => {
            facts.default = values::resolved(value, file.scope);
            facts.default_node = Some(value);
            facts.default_lost = facts.default.is_none();
            if facts.default_lost {
                facts.default = Some(Value::None);
                let message =
                    format!("Cog drops the default of `{of}`, which makes the input required: it cannot be read without running the file");
                let mut remark = parameter.remark(RemarkKind::Default, place, message, default_instead(value));
                remark.level = Some(Level::Warning);
                remarks.push(remark);
            } else {
                partly_read(file, parameter, value, remarks);
                altered(file, parameter, "default", value, remarks);
            }
        }
        "default_factory" => {
            let message = format!("the default of `{of}` is made by a function, which Cog refuses");
            remarks.push(parameter.remark(RemarkKind::Default, place, message, "`default=` with the value itself"));
            return true;
        }
        "description" => {
            let known = values::text(value).is_some() || matches!(values::resolved(value, file.scope), Some(Value::Text(_)));
            if known {
                altered(file, parameter, "description", value, remarks);
            } else {
                lost("description", "one string literal, or the name of a constant of this file that is one");
            }
        }
        "ge" | "le" | "min_length" | "max_length" => {
            let number = values::number(value);
            match name {
                "ge" => facts.ge = number,
                "le" => facts.le = number,
                "min_length" => facts.min_length = number.map(f64::trunc),
                _ => facts.max_length = number.map(f64::trunc),
            }
            let cut = name.ends_with("length") && number.is_some_and(|number| number.fract() != 0.0);
            if cut || (number.is_none() && !is_none) {
                let why = if cut { "it has to be whole and is cut off" } else { "it is not written as a decimal number" };
                let message = format!("Cog {} the limit `{name}` of `{of}`: {why}", if cut { "changes" } else { "drops" });
                remarks.push(parameter.remark(RemarkKind::Limit, place, message, "the number itself"));
            }
        }
        "regex" => match values::text(value) {
            Some(pattern) => {
                altered(file, parameter, "pattern", value, remarks);
                facts.regex = Some((pattern, value));
            }
            None => lost("pattern", "one string literal, with the prefix `r` if it has backslashes"),
        },
        "accept" => {
            facts.accept = Some(value).filter(|_| !is_none);
            if values::text(value).is_none() {
                facts.accept = None;
                lost("`accept`", "one string literal, such as `\"image/*\"`");
            }
        }
        "deprecated" if !matches!(value.kind(), "true" | "false") => lost("mark `deprecated`", "`True` or `False`"),
        "choices" => return choices(file, parameter, value, facts, remarks),
        _ => {}
    }
    false
}

fn choices<'m>(file: &File<'m>, parameter: &Parameter<'_>, value: Node<'m>, facts: &mut Facts<'m>, remarks: &mut Vec<Remark>) -> bool {
    let place = file.module.span(value);
    let of = parameter.name;
    facts.choices = values::choices(value, file.scope);
    let Some(found) = &facts.choices else {
        let comment = value.subtree().find(|part| part.kind() == "comment");
        let (place, message) = match comment {
            Some(comment) => (file.module.span(comment), format!("a comment stands inside the choices of `{of}`, which Cog refuses")),
            None => (place, format!("Cog cannot read the choices of `{of}` without running the file, and refuses them")),
        };
        let instead = if comment.is_some() {
            "the comment above the input"
        } else {
            "a list of literals, a constant of this file, or `list(TABLE.keys())`"
        };
        remarks.push(parameter.remark(RemarkKind::Choices, place, message, instead));
        return true;
    };
    if found.is_empty() && !(value.kind() == "list" && value.children().next().is_none()) {
        let message = format!("Cog drops the choices of `{of}`: it can read none of them without running the file");
        remarks.push(parameter.remark(RemarkKind::Lost, place, message, "a list of literals"));
    }
    for part in value.subtree().filter(|part| matches!(part.kind(), "string" | "concatenated_string")) {
        if part.parent().kind() != "concatenated_string" {
            altered(file, parameter, "choices", part, remarks);
        }
    }
    false
}

/// Reports parts of a tuple or a dictionary that Cog leaves out.
fn partly_read(file: &File<'_>, parameter: &Parameter<'_>, value: Node<'_>, remarks: &mut Vec<Remark>) {
    let left_out = match value.kind() {
        "tuple" => value.named_children().find(|item| values::literal(*item).is_none()),
        "dictionary" => {
            value.children().find(|pair| ["key", "value"].iter().any(|side| pair.field(side).and_then(values::literal).is_none()))
        }
        _ => None,
    };
    if let Some(part) = left_out {
        let written: String = part.text().chars().take(40).collect();
        let message =
            format!("Cog leaves `{written}` out of the default of `{}`: it cannot be read without running the file", parameter.name);
        remarks.push(parameter.remark(RemarkKind::Lost, file.module.span(part), message, "the value itself, written out"));
    }
}

/// Reports a text that Cog publishes otherwise than Python reads it.
fn altered(file: &File<'_>, parameter: &Parameter<'_>, what: &str, value: Node<'_>, remarks: &mut Vec<Remark>) {
    if !matches!(value.kind(), "string" | "concatenated_string") {
        return;
    }
    let of = parameter.name;
    let (message, instead) = match values::altered(value) {
        Some(Altered::Escape) => (
            format!("Cog publishes the backslash in the {what} of `{of}` as it is written"),
            "the character itself; quotes of the other kind, or three of them for several lines",
        ),
        Some(Altered::Joined) => (
            format!("Cog publishes the {what} of `{of}` with the quotes and the gap between its pieces"),
            "one string literal; three quotes for several lines",
        ),
        Some(Altered::StrayQuotes) => {
            (format!("Cog publishes the {what} of `{of}` with two quotes at each end"), "the string without `r`, or with single quotes")
        }
        None => return,
    };
    remarks.push(parameter.remark(RemarkKind::Text, file.module.span(value), message, instead));
}
