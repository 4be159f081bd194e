//! A Python file, read without running it.
//!
//! Which file next? `syntax` turns text into a tree, `signature` finds the predictor and its inputs, `literal` and `annotation` read what stands
//! there. This file keeps what the rules about code ask for: calls by full name, imports, assignments.

mod annotation;
pub(crate) mod grammar;
mod literal;
mod reach;
mod signature;
pub(crate) mod syntax;

use std::collections::{HashMap, HashSet};

pub(crate) use signature::{InputCall, Signature, find_predictor, read_signature};
use syntax::{Node, TooSlow, Tree};

use super::source::Span;
use literal::Constants;

/// Longer chains of attributes are cut.
const MAX_SEGMENTS: usize = 16;
/// A variable that is set more often is followed to its first values only.
const MAX_VALUES: usize = 4;
/// Names that stand for names that stand for a text are followed this far.
const MAX_STEPS: usize = 8;

/// A parsed file.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) file: usize,
    pub(crate) tree: Tree,
    pub(crate) calls: Vec<Call>,
    /// `Image` → `PIL.Image`.
    imports: HashMap<String, String>,
    /// By function and name, what is assigned, in the order of the text.
    assignments: HashMap<(Option<usize>, String), Vec<usize>>,
    pub(crate) signature: Option<Signature>,
    /// The functions that run; `None` when the predictor is not known.
    live: Option<HashSet<usize>>,
}

/// A call by name.
#[derive(Debug)]
pub(crate) struct Call {
    id: usize,
    /// The full name: `PIL.Image.open`, `self.pipe.to`, `PIL.Image.open().convert`; `?` where there is no name.
    pub(crate) path: String,
    /// The `def` around it.
    pub(crate) function: Option<usize>,
}

impl Module {
    /// Parses a text; the predictor is looked for afterwards.
    pub(crate) fn parse(file: usize, text: &str) -> Result<Self, TooSlow> {
        let tree = syntax::parse(text)?;
        let imports = imports(&tree);
        let mut module = Self { file, tree, calls: Vec::new(), imports, assignments: HashMap::new(), signature: None, live: None };
        module.index();
        Ok(module)
    }

    fn index(&mut self) {
        let (mut calls, mut assignments) = (Vec::new(), HashMap::<_, Vec<_>>::new());
        let mut functions: Vec<Node<'_>> = Vec::new();
        for node in self.tree.root().subtree() {
            while functions.last().is_some_and(|function| !function.contains(node)) {
                functions.pop();
            }
            let function = functions.last().map(|function| function.id);
            match node.kind() {
                "function_definition" => functions.push(node),
                "call" => calls.extend(node.field("function").map(|callee| Call { id: node.id, path: self.path(callee), function })),
                "assignment" => {
                    if let (Some(name), Some(value)) = (node.field("left"), node.field("right"))
                        && name.kind() == "identifier"
                    {
                        assignments.entry((function, name.text().to_owned())).or_default().push(value.id);
                    }
                }
                _ => {}
            }
        }
        self.calls = calls;
        self.assignments = assignments;
    }

    /// Finds out which functions run, once the predictor is known.
    pub(crate) fn find_live(&mut self) {
        self.live = self.signature.as_ref().map(|signature| {
            let roots: Vec<usize> = std::iter::once(signature.predict).chain(signature.setup).collect();
            reach::live(self, &roots)
        });
    }

    /// The calls that run when the model does.
    pub(crate) fn running(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| self.runs(call))
    }

    fn runs(&self, call: &Call) -> bool {
        let Some(live) = &self.live else { return true };
        match call.function {
            Some(function) => live.contains(&function),
            None => {
                let mut node = call.node(self);
                for _ in 0..MAX_SEGMENTS {
                    if node.kind() == "if_statement" && reach::is_main_guard(node) {
                        return false;
                    }
                    node = node.parent();
                }
                true
            }
        }
    }

    /// The full name of an expression, imports followed: `np.array` → `numpy.array`.
    pub(crate) fn path(&self, node: Node<'_>) -> String {
        let (mut node, mut segments) = (node, Vec::new());
        loop {
            if segments.len() > MAX_SEGMENTS {
                segments.push("?".to_owned());
                break;
            }
            match node.kind() {
                "identifier" => {
                    segments.push(self.imports.get(node.text()).cloned().unwrap_or_else(|| node.text().to_owned()));
                    break;
                }
                "attribute" => {
                    let (Some(object), Some(attribute)) = (node.field("object"), node.field("attribute")) else { break };
                    segments.push(attribute.text().to_owned());
                    node = object;
                }
                "call" => {
                    let Some(function) = node.field("function") else { break };
                    segments.push("()".to_owned());
                    node = function;
                }
                _ => {
                    segments.push("?".to_owned());
                    break;
                }
            }
        }
        segments.reverse();
        segments.join(".").replace(".()", "()")
    }

    pub(crate) fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.file, node.range())
    }

    /// The outermost node that covers exactly these bytes.
    pub(crate) fn node_at(&self, span: Span) -> Option<Node<'_>> {
        self.tree.root().subtree().find(|node| node.range() == (span.start..span.end))
    }

    /// The first place that is no Python.
    pub(crate) fn first_error(&self) -> Option<Node<'_>> {
        self.tree.root().subtree().find(|node| node.is_broken())
    }

    /// Whether an identifier or attribute with this name stands anywhere, in an import too.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.tree.root().subtree().any(|node| node.kind() == "identifier" && node.text() == name)
    }

    /// Whether the word stands anywhere, as a name or as a text.
    pub(crate) fn mentions_text(&self, word: &str) -> bool {
        self.mentions(word) || self.has_text(word)
    }

    /// Whether a string with this content stands anywhere.
    pub(crate) fn has_text(&self, content: &str) -> bool {
        self.tree.root().subtree().any(|node| node.kind() == "string_content" && node.text() == content)
    }

    pub(crate) fn constants(&self) -> Constants<'_> {
        constants(&self.tree)
    }

    /// What a name was last set to in a function or, failing that, in the file.
    pub(crate) fn assigned(&self, name: &str, function: Option<usize>) -> Option<Node<'_>> {
        let of = |place: Option<usize>| self.assignments.get(&(place, name.to_owned())).and_then(|values| values.last());
        of(function).or_else(|| of(None)).map(|id| self.tree.node(*id))
    }

    /// The first things that a name is set to in a function.
    pub(crate) fn all_assigned<'m>(&'m self, name: &str, function: Option<usize>) -> impl Iterator<Item = Node<'m>> + use<'m> {
        let values = self.assignments.get(&(function, name.to_owned())).map_or(&[][..], Vec::as_slice);
        values.iter().take(MAX_VALUES).map(|id| self.tree.node(*id))
    }

    /// The full name of what an import renames.
    pub(crate) fn original(&self, name: &str) -> Option<String> {
        self.imports.get(name).cloned()
    }

    /// Whether a name is imported.
    pub(crate) fn imports(&self, name: &str) -> bool {
        self.imports.contains_key(name)
    }

    /// The text that an expression is known to be: a literal, `Path("…")`, or a name set to one.
    pub(crate) fn known_text(&self, node: Node<'_>, function: Option<usize>) -> Option<String> {
        let written = self.written(node, function)?;
        literal::text(written).or_else(|| without_gaps(written))
    }

    /// The string that an expression stands for, with gaps or without: itself, what `Path(…)` wraps, or what a name is set to.
    pub(crate) fn written<'m>(&'m self, node: Node<'m>, function: Option<usize>) -> Option<Node<'m>> {
        let mut node = node;
        for _ in 0..MAX_STEPS {
            node = match node.kind() {
                "string" => return Some(node),
                "identifier" => self.assigned(node.text(), function)?,
                "call" => {
                    let path = self.path(node.field("function")?);
                    let wraps = matches!(path.as_str(), "cog.Path" | "pathlib.Path" | "Path" | "str");
                    if !wraps {
                        return None;
                    }
                    let mut arguments = node.field("arguments")?.children();
                    let only = arguments.next()?;
                    if arguments.next().is_some() {
                        return None;
                    }
                    only
                }
                _ => return None,
            };
        }
        None
    }

    /// Whether the call stands in `run` or `predict` itself.
    pub(crate) fn in_predict(&self, call: &Call) -> bool {
        self.signature.as_ref().is_some_and(|signature| call.function == Some(signature.predict))
    }

    /// Whether the call stands in `setup` itself.
    pub(crate) fn in_setup(&self, call: &Call) -> bool {
        self.signature.as_ref().is_some_and(|signature| signature.setup.is_some() && call.function == signature.setup)
    }
}

impl Call {
    pub(crate) fn node<'m>(&self, module: &'m Module) -> Node<'m> {
        module.tree.node(self.id)
    }

    /// The last part of the name: `convert` of `picture.convert`.
    pub(crate) fn method(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }

    /// What the method is called on: `picture` of `picture.convert`.
    pub(crate) fn receiver<'m>(&self, module: &'m Module) -> Option<Node<'m>> {
        self.node(module).field("function")?.field("object")
    }

    /// The argument at a position, keywords not counted.
    pub(crate) fn argument<'m>(&self, module: &'m Module, index: usize) -> Option<Node<'m>> {
        self.node(module).field("arguments")?.children().filter(|child| child.kind() != "keyword_argument").nth(index)
    }

    /// The value of a keyword argument.
    pub(crate) fn keyword<'m>(&self, module: &'m Module, name: &str) -> Option<Node<'m>> {
        keyword(self.node(module), name)
    }

    /// Whether some keyword arguments come out of a dictionary, as `**arguments`.
    pub(crate) fn has_splat(&self, module: &Module) -> bool {
        self.node(module).field("arguments").is_some_and(|arguments| arguments.children().any(|child| child.kind() == "dictionary_splat"))
    }
}

/// The content of an f-string that has nothing to fill in.
fn without_gaps(node: Node<'_>) -> Option<String> {
    let is_text = node.text().starts_with(['f', 'F']) && node.children().all(|part| part.kind() != "interpolation");
    is_text.then(|| node.children().filter(|part| part.kind() == "string_content").map(Node::text).collect())
}

fn keyword<'t>(call: Node<'t>, name: &str) -> Option<Node<'t>> {
    call.field("arguments")?
        .children()
        .filter(|child| child.kind() == "keyword_argument")
        .find(|child| child.field("name").is_some_and(|found| found.text() == name))?
        .field("value")
}

/// Names that the file sets exactly once, outside every function and class.
pub(crate) fn constants(tree: &Tree) -> Constants<'_> {
    let mut found: HashMap<&str, Option<Node<'_>>> = HashMap::new();
    let statements = tree.root().children().filter(|child| child.kind() == "expression_statement").flat_map(Node::children);
    for statement in statements.filter(|child| child.kind() == "assignment") {
        if let (Some(name), Some(value)) = (statement.field("left"), statement.field("right"))
            && name.kind() == "identifier"
        {
            found.entry(name.text()).and_modify(|known| *known = None).or_insert(Some(value));
        }
    }
    found.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn imports(tree: &Tree) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for node in tree.root().subtree() {
        let module = match node.kind() {
            "import_statement" => None,
            "import_from_statement" => node.field("module_name").map(Node::text),
            _ => continue,
        };
        let is_name = |child: &Node<'_>| matches!(child.kind(), "dotted_name" | "aliased_import");
        for (index, child) in node.children().filter(is_name).enumerate() {
            let from_absolute = node.children().next().is_some_and(|first| first.kind() == "dotted_name") && module.is_some();
            if from_absolute && index == 0 {
                continue; // the module itself
            }
            let name = child.field("name").unwrap_or(child).text();
            let alias = child.field("alias").map(Node::text);
            let (local, full) = match module {
                Some(module) => (alias.unwrap_or(name), format!("{module}.{name}")),
                None => {
                    let first = name.split('.').next().unwrap_or(name);
                    (alias.unwrap_or(first), alias.map_or(first, |_| name).to_owned())
                }
            };
            found.insert(local.to_owned(), full);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_full_names() {
        let text = "import numpy as np\nimport os.path\nfrom PIL import Image, ImageOps as Ops\nfrom .util import load\n\
                    np.array(1)\nos.path.join('a')\nImage.open(p).convert('RGB')\nOps.fit(x)\nload()\nself.pipe[0].to('cuda')\n";
        let module = Module::parse(0, text).unwrap();
        let paths: Vec<_> = module.calls.iter().map(|call| call.path.as_str()).collect();
        let expected =
            ["numpy.array", "os.path.join", "PIL.Image.open().convert", "PIL.Image.open", "PIL.ImageOps.fit", ".util.load", "?.to"];
        assert_eq!(paths, expected);
    }

    #[test]
    fn texts_are_followed_through_names_and_paths() {
        let text = "from cog import Path\nOUT = 'out.png'\ndef f():\n    a = OUT\n    b = Path(a)\n    save(b)\n    save(g())\n";
        let module = Module::parse(0, text).unwrap();
        let known: Vec<_> = (module.calls.iter().filter(|call| call.path == "save"))
            .map(|call| module.known_text(call.argument(&module, 0).unwrap(), call.function))
            .collect();
        assert_eq!(known, [Some("out.png".to_owned()), None]);
    }
}
