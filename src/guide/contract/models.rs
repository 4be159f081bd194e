//! Classes that may be results, and TypedDicts: those of the file and those of local modules that it imports from.

use std::collections::{HashMap, HashSet};

use super::annotation::{Annotation, annotation, of_text};
use super::names::{Names, Origin, file_of};
use crate::guide::python::Module;
use crate::guide::python::syntax::Node;

/// A field's type as it is written is read this far.
const MAX_DEPTH: usize = 32;

/// One field of a class.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) annotation: Annotation,
}

/// The classes that a name may stand for.
#[derive(Debug, Default)]
pub(crate) struct Models {
    classes: HashMap<String, Vec<Field>>,
    typed_dicts: HashSet<String>,
}

impl Models {
    /// The fields of a class, by its name or by `module.Name`.
    pub(crate) fn get(&self, name: &str, names: &Names) -> Option<&[Field]> {
        self.key(name, names, |key| self.classes.contains_key(key)).and_then(|key| self.classes.get(&key)).map(Vec::as_slice)
    }

    pub(crate) fn is_typed_dict(&self, name: &str, names: &Names) -> bool {
        self.key(name, names, |key| self.typed_dicts.contains(key)).is_some()
    }

    fn key(&self, name: &str, names: &Names, known: impl Fn(&str) -> bool) -> Option<String> {
        if known(name) {
            return Some(name.to_owned());
        }
        let (first, rest) = name.split_once('.')?;
        let qualified = names.get(first).map(|origin| format!("{}.{rest}", origin.original));
        qualified.filter(|key| known(key)).or_else(|| known(rest).then(|| rest.to_owned()))
    }

    /// Reads the classes of a file and of the local modules that it imports from.
    pub(crate) fn read<'m>(module: &Module, names: &Names, local: &dyn Fn(&str) -> Option<&'m Module>) -> Self {
        let mut models = Self::of_file(module, names);
        let mut tried = HashSet::new();
        for (name, origin) in names.iter() {
            if tried.insert(origin.module.clone())
                && let Some(other) = local(&origin.module)
            {
                models.merge(&Self::of_file(other, &Names::read(other.tree.root())), None);
            }
            // `import types` and `from . import types`: the module itself is named.
            if let Some(other) = submodule(origin).and_then(|path| local(&path)) {
                models.merge(&Self::of_file(other, &Names::read(other.tree.root())), Some(&origin.original));
            }
            models.alias(name, &origin.original);
        }
        models
    }

    fn of_file(module: &Module, names: &Names) -> Self {
        let mut models = Self::default();
        for class in classes(module) {
            let Some(name) = class.field("name") else { continue };
            let bases = Bases::of(class, names, &models.typed_dicts);
            if !bases.model && !bases.typed_dict {
                continue;
            }
            let mut fields: Vec<Field> = bases.parents.iter().filter_map(|parent| models.classes.get(parent)).flatten().cloned().collect();
            for field in fields_of(class, names, bases.typed_dict) {
                fields.retain(|known| known.name != field.name);
                fields.push(field);
            }
            models.classes.insert(name.text().to_owned(), fields);
            if bases.typed_dict {
                models.typed_dicts.insert(name.text().to_owned());
            }
        }
        models
    }

    fn merge(&mut self, other: &Self, within: Option<&str>) {
        for (name, fields) in &other.classes {
            let key = within.map_or_else(|| name.clone(), |module| format!("{module}.{name}"));
            if other.typed_dicts.contains(name) {
                self.typed_dicts.insert(key.clone());
            }
            self.classes.entry(key).or_insert_with(|| fields.clone());
        }
    }

    fn alias(&mut self, local: &str, original: &str) {
        if local == original {
            return;
        }
        if let Some(fields) = self.classes.get(original).cloned() {
            self.classes.entry(local.to_owned()).or_insert(fields);
        }
        if self.typed_dicts.contains(original) {
            self.typed_dicts.insert(local.to_owned());
        }
    }
}

/// The module that an imported name may itself be.
pub(crate) fn submodule(origin: &Origin) -> Option<String> {
    let path = if origin.module == origin.original {
        origin.module.clone()
    } else if origin.module.chars().all(|c| c == '.') {
        format!(".{}", origin.original)
    } else {
        format!("{}.{}", origin.module, origin.original)
    };
    file_of(&path).map(|_| path)
}

/// The classes at the top level, decorated or not.
pub(crate) fn classes(module: &Module) -> impl Iterator<Item = Node<'_>> {
    module.tree.root().children().map(undecorated).filter(|node| node.kind() == "class_definition")
}

/// The definition without its decorators.
pub(crate) fn undecorated(node: Node<'_>) -> Node<'_> {
    if node.kind() == "decorated_definition" { node.field("definition").unwrap_or(node) } else { node }
}

/// What the bases of a class make of it.
#[derive(Default)]
struct Bases {
    model: bool,
    typed_dict: bool,
    /// TypedDicts among the bases.
    parents: Vec<String>,
}

impl Bases {
    fn of(class: Node<'_>, names: &Names, typed_dicts: &HashSet<String>) -> Self {
        let mut bases = Self::default();
        for base in class.field("superclasses").into_iter().flat_map(Node::children) {
            let name = base.text();
            let is = |wanted: &str| name == wanted || (base.kind() == "attribute" && name.ends_with(&format!(".{wanted}")));
            match base.kind() {
                "identifier" | "attribute" => {
                    bases.model |= is("BaseModel") || names.is(name, &["cog", "pydantic", "pydantic.v1"], "BaseModel");
                    if is("TypedDict") || names.is_typing(name, "TypedDict") {
                        bases.typed_dict = true;
                    } else if typed_dicts.contains(names.unqualified(name)) {
                        bases.typed_dict = true;
                        bases.parents.push(names.unqualified(name).to_owned());
                    }
                }
                _ => {}
            }
        }
        bases
    }
}

/// The annotated fields of a class; what Cog cannot read is left out, as Cog leaves it out.
fn fields_of(class: Node<'_>, names: &Names, typed_dict: bool) -> Vec<Field> {
    let Some(body) = class.field("body") else { return Vec::new() };
    let mut fields = Vec::new();
    for statement in body.children() {
        let mut inner = statement.named_children();
        let node = match (statement.kind(), inner.next(), inner.next()) {
            ("expression_statement", Some(only), None) => only,
            _ => statement,
        };
        let field = match node.kind() {
            "assignment" => {
                let left = node.field("left").filter(|left| left.kind() == "identifier");
                left.zip(node.field("type").and_then(annotation)).map(|(left, annotation)| (left.text().to_owned(), annotation))
            }
            "type" => node.text().split_once(':').and_then(|(name, written)| Some((name.trim().to_owned(), of_text(written, MAX_DEPTH)?))),
            _ => None,
        };
        if let Some((name, annotation)) = field {
            let annotation = if typed_dict { without_qualifier(annotation, names) } else { annotation };
            fields.push(Field { name, annotation });
        }
    }
    fields
}

/// `T` of `Required[T]` and `NotRequired[T]`.
fn without_qualifier(annotation: Annotation, names: &Names) -> Annotation {
    match annotation {
        Annotation::Generic(name, mut arguments) if arguments.len() == 1 => {
            let qualifies = ["Required", "NotRequired"]
                .iter()
                .any(|known| name == *known || name.ends_with(&format!(".{known}")) || names.is_typing(&name, known));
            if qualifies { arguments.remove(0) } else { Annotation::Generic(name, arguments) }
        }
        other => other,
    }
}
