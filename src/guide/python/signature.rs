//! The predictor's class or function, and its parameters as inputs.

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
    /// One for each input, in the same order.
    pub(crate) parameters: Vec<Parameter>,
}

/// How an input is written.
#[derive(Debug)]
pub(crate) struct Parameter {
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

/// Finds a predictor by what is usual: the numbers of its function and of `setup`.
///
/// # Errors
/// What was looked for, in words.
pub(crate) fn find_predictor(module: &Module, wanted: Option<&str>) -> Result<(usize, Option<usize>), String> {
    find(module, wanted).map(|(predict, setup)| (predict.id, setup.map(|setup| setup.id)))
}

/// Reads the inputs of a function. Parameters that Cog leaves out, or refuses because they have no type, are no inputs.
pub(crate) fn read_signature(module: &Module, predict: usize, setup: Option<usize>) -> (Signature, Vec<Input>) {
    let predict = module.tree.node(predict);
    let constants = module.constants();
    let parameters = predict.field("parameters").into_iter().flat_map(Node::children);
    let typed = |node: &Node<'_>| {
        let name = node.field("name").or_else(|| node.children().next());
        node.field("type").is_some() && name.is_some_and(|name| name.kind() == "identifier" && name.text() != "self")
    };
    let (inputs, parameters) = parameters.filter(typed).take(MAX_INPUTS).map(|node| parameter(module, &constants, node)).unzip();
    (Signature { predict: predict.id, setup, parameters }, inputs)
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

fn parameter(module: &Module, constants: &Constants<'_>, node: Node<'_>) -> (Input, Parameter) {
    let name = node.field("name").unwrap_or_else(|| node.children().next().unwrap_or(node));
    let nothing = Annotation { kind: Kind::Unknown, optional: false };
    let Annotation { kind, optional } = node.field("type").map_or(nothing, |node| annotation(node.text(), &|name| module.original(name)));
    let mut input = Input {
        name: name.text().to_owned(),
        kind,
        optional,
        default: Default::Absent,
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
        is_opaque: false,
        group: None,
        place: module.span(name),
        scope: module.span(node),
        default_place: None,
    };
    let call = node.field("value").and_then(|value| read_default(module, constants, value, &mut input));
    (input, Parameter { call })
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
        let (predict, setup) = find_predictor(&module, None).unwrap();
        read_signature(&module, predict, setup).1
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
    fn what_functions_say_of_an_input_is_not_guessed_and_bare_names_are_none() {
        let inputs = inputs("def run(a, b: str = formats(), c: int = 1, d: str = Input(), *e: str) -> str: pass\n");
        assert_eq!(inputs.iter().map(|input| input.is_opaque).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(inputs.iter().map(|input| input.described_by_code).collect::<Vec<_>>(), [true, false, false]);
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
