//! The predictor's class or function, and its parameters as inputs.

use std::collections::HashSet;

use serde_json::Value;

use super::super::model::{Default, Input, Kind, MAX_INPUTS, Text};
use super::annotation::{Annotation, annotation};
use super::literal::{self, Constants};
use super::syntax::Node;
use super::{Module, keyword};

/// The predictor, as places in the file.
#[derive(Debug)]
pub(crate) struct Signature {
    /// The `def` of `run` or `predict`.
    pub(crate) predict: usize,
    pub(crate) setup: Option<usize>,
    /// The annotation after `->`.
    pub(crate) output: Option<usize>,
    /// Whether decorators such as `@cog.input("image", type=Path)` say what the inputs are.
    pub(crate) decorated: bool,
    /// One for each input, in the same order.
    pub(crate) parameters: Vec<Parameter>,
}

/// How an input is written.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Whether a type is given.
    pub(crate) annotated: bool,
    /// Why Cog refuses the type or the form, if it does.
    pub(crate) refused: Option<&'static str>,
    pub(crate) call: Option<InputCall>,
}

/// A default of the form `Input(…)`.
#[derive(Debug)]
pub(crate) struct InputCall {
    /// The call.
    pub(crate) node: usize,
    /// Whether the name is one that Cog's parser knows: `Input` or another name for it, not `cog.Input`.
    pub(crate) known: bool,
}

impl InputCall {
    /// The keyword's value.
    pub(crate) fn keyword<'m>(&self, module: &'m Module, name: &str) -> Option<Node<'m>> {
        keyword(module.tree.node(self.node), name)
    }

    /// All arguments.
    pub(crate) fn arguments<'m>(&self, module: &'m Module) -> impl Iterator<Item = Node<'m>> + use<'m> {
        module.tree.node(self.node).field("arguments").into_iter().flat_map(Node::children)
    }
}

/// Finds the predictor `wanted` (or any) and reads its inputs.
///
/// # Errors
/// What was looked for, in words.
pub(crate) fn read_signature(module: &Module, wanted: Option<&str>) -> Result<(Signature, Vec<Input>), String> {
    let (predict, setup) = find(module, wanted)?;
    let (constants, defined) = (module.constants(), defined(module));
    let in_class = (predict.parent().kind() == "block" || predict.parent().parent().kind() == "block") && !is_static(predict);
    let parameters = predict.field("parameters").into_iter().flat_map(Node::children);
    let is_parameter = |node: &Node<'_>| !matches!(node.kind(), "keyword_separator" | "positional_separator");
    let (mut inputs, mut forms) = (Vec::new(), Vec::new());
    for node in parameters.filter(is_parameter).skip(usize::from(in_class)).take(MAX_INPUTS) {
        let (input, form) = parameter(module, &constants, &defined, node);
        inputs.push(input);
        forms.push(form);
    }
    let output = predict.field("return_type").map(|node| node.id);
    let decorated = decorators(predict).any(|decorator| {
        let call = decorator.children().find_map(|call| call.field("function"));
        call.is_some_and(|function| module.path(function) == "cog.input")
    });
    Ok((Signature { predict: predict.id, setup: setup.map(|node| node.id), output, decorated, parameters: forms }, inputs))
}

fn is_static(function: Node<'_>) -> bool {
    decorators(function).any(|decorator| decorator.text().contains("staticmethod"))
}

fn decorators(function: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let around = Some(function.parent()).filter(|around| around.kind() == "decorated_definition");
    around.into_iter().flat_map(Node::children).filter(|child| child.kind() == "decorator")
}

type Found<'t> = (Node<'t>, Option<Node<'t>>);

fn find<'t>(module: &'t Module, wanted: Option<&str>) -> Result<Found<'t>, String> {
    let named = |node: &Node<'_>, name: &str| node.field("name").is_some_and(|found| found.text() == name);
    let classes: Vec<_> = module.tree.root().subtree().filter(|node| node.kind() == "class_definition").collect();
    let functions = || module.tree.root().children().map(undecorated).filter(|node| node.kind() == "function_definition");
    if let Some(name) = wanted {
        if let Some(class) = classes.iter().find(|class| named(class, name)) {
            return of_class(&classes, *class).ok_or_else(|| format!("class `{name}` has neither `run` nor `predict`"));
        }
        let function = functions().find(|function| named(function, name));
        return function.map(|function| (function, None)).ok_or_else(|| format!("found neither class nor function `{name}`"));
    }
    let is_predictor = |class: &&Node<'_>| {
        class.field("superclasses").is_some_and(|bases| bases.text().contains("BasePredictor") || bases.text().contains("BaseRunner"))
    };
    let likely = classes.iter().filter(is_predictor).chain(classes.iter()).find_map(|class| of_class(&classes, *class));
    likely
        .or_else(|| functions().find(|function| named(function, "run") || named(function, "predict")).map(|function| (function, None)))
        .ok_or_else(|| "found no class with a method `run` or `predict`, and no such function".to_owned())
}

fn undecorated(node: Node<'_>) -> Node<'_> {
    if node.kind() == "decorated_definition" { node.field("definition").unwrap_or(node) } else { node }
}

/// The methods of a class, or of the class it derives from in the same file.
fn of_class<'t>(classes: &[Node<'t>], class: Node<'t>) -> Option<Found<'t>> {
    let method = |name: &str| {
        let mut class = class;
        for _ in 0..4 {
            let body = class.field("body")?;
            let own = body.children().map(undecorated).filter(|node| node.kind() == "function_definition");
            if let Some(found) = own.into_iter().find(|node| node.field("name").is_some_and(|found| found.text() == name)) {
                return Some(found);
            }
            let base = class.field("superclasses")?.children().next()?;
            class = *classes.iter().find(|other| other.field("name").is_some_and(|name| name.text() == base.text()))?;
        }
        None
    };
    let predict = method("run").or_else(|| method("predict"))?;
    Some((predict, method("setup")))
}

fn parameter(module: &Module, constants: &Constants<'_>, defined: &Defined<'_>, node: Node<'_>) -> (Input, Parameter) {
    let name = node.field("name").unwrap_or_else(|| node.children().next().unwrap_or(node));
    let typed = node.field("type");
    let splat = [node, name].iter().any(|node| matches!(node.kind(), "list_splat_pattern" | "dictionary_splat_pattern"));
    let Annotation { kind, optional, refused } =
        typed.map_or(Annotation { kind: Kind::Unknown, optional: false, refused: None }, |node| annotation(node.text()));
    let refused = refused.or_else(|| typed.and_then(|typed| refused_class(module, typed)));
    let refused =
        refused.or_else(|| typed.filter(|typed| kind == Kind::Unknown && is_undefined(module, defined, *typed)).map(|_| UNDEFINED));
    let mut input = Input {
        name: name.text().trim_start_matches('*').to_owned(),
        kind,
        optional,
        default: if splat { Default::Unreadable } else { Default::Absent },
        description: None,
        described_by_code: false,
        ge: None,
        le: None,
        min_length: None,
        max_length: None,
        regex: false,
        choices: None,
        accept: None,
        deprecated: false,
        // A bare name leaves everything to be said, the type first.
        is_opaque: typed.is_none() && node.field("value").is_none(),
        group: None,
        place: module.span(name),
        scope: module.span(node),
        default_place: None,
    };
    input.described_by_code = input.is_opaque;
    let call = node.field("value").and_then(|value| read_default(module, constants, value, &mut input));
    let refused = if splat { Some("Cog reads every input by its name, so `*` and `**` parameters are not possible") } else { refused };
    (input, Parameter { annotated: typed.is_some(), refused, call })
}

const BUILT_IN: &[&str] = &["None", "object", "bytes", "bytearray", "complex", "type"];
const UNDEFINED: &str = "`str`, `int`, `float`, `bool`, `Path` or another type that Cog knows; the file has none of this name";

/// The classes, aliases and variables of the file; `None` when a `from … import *` may bring any other.
type Defined<'t> = Option<HashSet<&'t str>>;

fn defined(module: &Module) -> Defined<'_> {
    let mut names = HashSet::new();
    for node in module.tree.root().subtree() {
        match node.kind() {
            "wildcard_import" => return None,
            "class_definition" => names.extend(node.field("name").map(Node::text)),
            "assignment" | "type_alias_statement" => {
                names.extend(
                    node.field("left").into_iter().flat_map(Node::subtree).filter(|part| part.kind() == "identifier").map(Node::text),
                );
            }
            _ => {}
        }
    }
    Some(names)
}

/// Whether a type is a bare name that the file neither imports nor defines.
fn is_undefined(module: &Module, defined: &Defined<'_>, typed: Node<'_>) -> bool {
    let (name, is_name) = (typed.text(), typed.subtree().all(|part| matches!(part.kind(), "type" | "identifier")));
    is_name && !BUILT_IN.contains(&name) && !module.imports(name) && defined.as_ref().is_some_and(|names| !names.contains(name))
}

/// Why Cog refuses a class of this file as a type, if it does.
fn refused_class(module: &Module, typed: Node<'_>) -> Option<&'static str> {
    let is_named = |class: &Node<'_>| class.field("name").is_some_and(|name| name.text() == typed.text());
    let class = module.tree.root().children().map(undecorated).find(|node| node.kind() == "class_definition" && is_named(node))?;
    class.field("superclasses")?.children().find_map(|base| match module.path(base).as_str() {
        "pydantic.BaseModel" | "cog.BaseModel" => Some("Cog takes an object as `dict` or a TypedDict; BaseModel is for outputs"),
        "enum.Enum" | "enum.StrEnum" | "enum.IntEnum" => Some("Cog takes `choices=[…]` in `Input(…)` instead of an enum"),
        _ => None,
    })
}

/// Reads what stands after `=`; hands out the call when it is `Input(…)`.
fn read_default(module: &Module, constants: &Constants<'_>, value: Node<'_>, input: &mut Input) -> Option<InputCall> {
    let written = value;
    let value = shared(module, constants, value).unwrap_or(value);
    let function = (value.kind() == "call").then(|| value.field("function")).flatten();
    if !function.is_some_and(|function| matches!(module.path(function).as_str(), "Input" | "cog.Input")) {
        input.default = literal::value(written, constants).map_or(Default::Unreadable, Default::Value);
        input.default_place = Some(module.span(written));
        // A name or a function from elsewhere may well stand for an `Input(…)`.
        input.is_opaque = input.default == Default::Unreadable && matches!(written.kind(), "attribute" | "identifier" | "call");
        input.described_by_code = input.is_opaque;
        return None;
    }
    let call = InputCall { node: value.id, known: function.is_some_and(|function| function.kind() == "identifier") };
    let read = |name: &str| call.keyword(module, name).map(|node| (literal::value(node, constants), node));
    let number = |name: &str| read(name).and_then(|(value, _)| value?.as_f64());
    if let Some((default, node)) = read("default") {
        input.default = default.map_or(Default::Unreadable, Default::Value);
        input.default_place = Some(module.span(node));
    }
    if let Some((Some(Value::String(text)), node)) = read("description") {
        input.description = Some(Text { text, span: module.span(node) });
    } else {
        input.described_by_code = call.keyword(module, "description").is_some_and(|node| node.kind() != "none");
    }
    (input.ge, input.le) = (number("ge"), number("le"));
    (input.min_length, input.max_length) = (number("min_length"), number("max_length"));
    input.regex = read("regex").is_some();
    input.choices = read("choices").map(|(value, _)| match value {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    });
    if let Some((Some(Value::String(accept)), _)) = read("accept") {
        input.accept = Some(accept);
    }
    input.deprecated = read("deprecated").is_some_and(|(value, _)| value == Some(true.into()));
    Some(call)
}

/// The `Input(…)` that several predictors share: `PROMPT`, `Shared.prompt` or, for `shared = Shared()`, `shared.prompt`.
fn shared<'t>(module: &'t Module, constants: &Constants<'t>, value: Node<'t>) -> Option<Node<'t>> {
    if value.kind() == "identifier" {
        return constants.get(value.text()).copied().filter(|found| found.kind() == "call");
    }
    let (object, attribute) = (value.field("object")?, value.field("attribute")?);
    let instance = constants.get(object.text()).and_then(|found| found.field("function"));
    let class = instance.unwrap_or(object).text();
    let is_class = |node: &Node<'_>| node.kind() == "class_definition" && node.field("name").is_some_and(|name| name.text() == class);
    let body = module.tree.root().children().map(undecorated).find(is_class)?.field("body")?;
    let statements = body.children().filter(|child| child.kind() == "expression_statement").flat_map(Node::children);
    let is_field = |node: &Node<'_>| node.field("left").is_some_and(|left| left.text() == attribute.text());
    statements.filter(|child| child.kind() == "assignment").find(is_field)?.field("right")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(text: &str) -> Vec<Input> {
        let module = Module::parse(0, text).unwrap();
        read_signature(&module, None).unwrap().1
    }

    #[test]
    fn shared_inputs_are_followed_to_where_they_are_written() {
        let text = "from cog import Input\nfrom other import ELSEWHERE\nTEXT = Input(description='text')\n@dataclass\nclass Shared:\n    size: Input = Input(description='size', ge=1, le=2)\n\
                    SHARED = Shared()\nclass Predictor:\n    def predict(self, a: str = TEXT, b: int = Shared.size, c: int = SHARED.size, d: int = SHARED.other, e: int = ELSEWHERE) -> str:\n        pass\n";
        let inputs = inputs(text);
        assert_eq!(inputs.iter().map(Input::says).collect::<Vec<_>>(), ["text", "size", "size", "", ""]);
        assert_eq!(inputs.iter().map(|input| input.is_opaque).collect::<Vec<_>>(), [false, false, false, true, true]);
        assert_eq!(inputs[2].le, Some(2.0));
    }

    #[test]
    fn what_functions_and_decorators_say_of_an_input_is_not_guessed() {
        let inputs = inputs("def run(a, b: str = formats(), c=1, d: str = Input()) -> str: pass\n");
        assert_eq!(inputs.iter().map(|input| input.is_opaque).collect::<Vec<_>>(), [true, true, false, false]);
        assert_eq!(inputs.iter().map(|input| input.described_by_code).collect::<Vec<_>>(), [true, true, false, false]);
    }

    #[test]
    fn inputs_that_decorators_describe_are_known_as_such() {
        for (decorator, expected) in [("@cog.input('image', type=Path)", true), ("@torch.inference_mode()", false)] {
            let module = Module::parse(0, &format!("import cog\nclass P:\n    {decorator}\n    def predict(self, image): pass\n")).unwrap();
            assert_eq!(read_signature(&module, None).unwrap().0.decorated, expected, "{decorator}");
        }
    }

    #[test]
    fn the_predictor_is_a_class_its_base_or_a_function() {
        for (text, expected) in [
            ("class A:\n    def predict(self, a: str): pass\n", "a"),
            ("class A:\n    def predict(self, a: str): pass\n    def run(self, b: str): pass\n", "b"),
            ("class A:\n    def predict(self, a: str): pass\nclass B(A):\n    def setup(self): pass\n", "a"),
            (
                "class X:\n    def predict(self, x: str): pass\nclass P(BasePredictor):\n    @torch.inference_mode()\n    async def predict(self, p: str): pass\n",
                "p",
            ),
            ("def run(f: str) -> str: pass\n", "f"),
            ("class A:\n    @staticmethod\n    def predict(a: str): pass\n", "a"),
        ] {
            assert_eq!(inputs(text).iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), [expected], "{text}");
        }
    }
}
