//! What the names of a file stand for: imports at its top level, by spelling.

use std::collections::HashMap;

use crate::guide::python::syntax::Node;

/// Where a name comes from: `from MODULE import ORIGINAL`; for `import MODULE` both are the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) module: String,
    pub(crate) original: String,
}

/// The imported names of a file.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: HashMap<String, Origin>,
    /// In the order of the file.
    order: Vec<String>,
}

const BUILT_IN: &[&str] = &["str", "int", "float", "bool", "list", "dict", "set", "None"];
const TYPING: &[&str] = &["typing", "typing_extensions"];

impl Names {
    /// Reads the imports that stand at the top level; those in an `if` or a `try` are not read.
    pub(crate) fn read(root: Node<'_>) -> Self {
        let mut names = Self::default();
        for statement in root.children() {
            match statement.kind() {
                "import_from_statement" => names.import_from(statement),
                "import_statement" => names.import(statement),
                _ => {}
            }
        }
        for name in BUILT_IN {
            if !names.known.contains_key(*name) {
                names.add(name, "builtins", name);
            }
        }
        names
    }

    fn add(&mut self, local: &str, module: &str, original: &str) {
        let origin = Origin { module: module.to_owned(), original: original.to_owned() };
        if self.known.insert(local.to_owned(), origin).is_none() {
            self.order.push(local.to_owned());
        }
    }

    fn import_from(&mut self, statement: Node<'_>) {
        let Some(module) = statement.field("module_name") else { return };
        for child in statement.children().filter(|child| child.id != module.id) {
            match child.kind() {
                "dotted_name" => self.add(child.text(), module.text(), child.text()),
                "aliased_import" => {
                    if let (Some(name), Some(alias)) = (child.field("name"), child.field("alias")) {
                        self.add(alias.text(), module.text(), name.text());
                    }
                }
                _ => {}
            }
        }
    }

    fn import(&mut self, statement: Node<'_>) {
        for child in statement.children() {
            let name = child.field("name").unwrap_or(child).text();
            let alias = child.field("alias").map_or(name, Node::text);
            self.add(alias, name, name);
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Origin> {
        self.known.get(name)
    }

    /// The imports in the order of the file.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.order.iter().filter_map(|name| Some((name.as_str(), self.known.get(name)?)))
    }

    /// Whether a name is `module.original`, or an alias of it.
    pub(crate) fn is(&self, name: &str, modules: &[&str], original: &str) -> bool {
        if let Some((first, rest)) = name.split_once('.') {
            let origin = self.get(first);
            return rest == original
                && origin.is_some_and(|origin| modules.contains(&origin.module.as_str()) && origin.original == origin.module);
        }
        self.get(name).is_some_and(|origin| modules.contains(&origin.module.as_str()) && origin.original == original)
    }

    /// Whether a name is one of typing's, or an alias of it.
    pub(crate) fn is_typing(&self, name: &str, original: &str) -> bool {
        self.is(name, TYPING, original)
    }

    /// The name without the module that it is qualified with.
    pub(crate) fn unqualified<'n>(&self, name: &'n str) -> &'n str {
        name.split_once('.').map_or(name, |(_, rest)| rest)
    }

    /// The container of typing or the built-in list that a name stands for.
    pub(crate) fn container(&self, name: &str) -> Option<&str> {
        const CONTAINERS: &[&str] = &["List", "Optional", "Union"];
        if name.contains('.') {
            return CONTAINERS.iter().copied().find(|container| self.is_typing(name, container));
        }
        match self.get(name) {
            Some(origin) if origin.module == "builtins" && origin.original == "list" => Some("list"),
            Some(origin) if TYPING.contains(&origin.module.as_str()) => CONTAINERS.iter().copied().find(|known| *known == origin.original),
            _ => None,
        }
    }
}

/// The file that a module is in, relative to the project; `None` for modules that are known to be no part of it.
pub(crate) fn file_of(module: &str) -> Option<String> {
    let dotted = module.trim_start_matches('.');
    let top = dotted.split('.').next().unwrap_or(dotted);
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let known = !dotted.is_empty() && dotted.split('.').all(plain) && !EXTERNAL.contains(&top);
    known.then(|| format!("{}.py", dotted.replace('.', "/")))
}

/// Packages that Cog never looks for in the project, even if a file has the name.
const EXTERNAL: &[&str] = &[
    "builtins",
    "typing",
    "typing_extensions",
    "collections",
    "abc",
    "enum",
    "dataclasses",
    "os",
    "sys",
    "io",
    "json",
    "re",
    "math",
    "pathlib",
    "functools",
    "itertools",
    "contextlib",
    "concurrent",
    "asyncio",
    "multiprocessing",
    "threading",
    "logging",
    "warnings",
    "unittest",
    "pytest",
    "numpy",
    "torch",
    "tensorflow",
    "jax",
    "scipy",
    "sklearn",
    "transformers",
    "diffusers",
    "accelerate",
    "safetensors",
    "PIL",
    "cv2",
    "skimage",
    "requests",
    "httpx",
    "aiohttp",
    "fastapi",
    "flask",
    "pydantic",
    "cog",
];
