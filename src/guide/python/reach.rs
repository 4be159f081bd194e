//! Which functions of a file run: those that `setup`, the predictor's method or the file's own statements come to, by name.

use std::collections::{HashMap, HashSet};

use super::Module;
use super::syntax::Node;

/// A function at the top level or a method, or the statements of a class.
struct Unit<'m> {
    node: Node<'m>,
    name: &'m str,
    /// The class around it.
    class: Option<Node<'m>>,
}

/// The numbers of all functions that run.
pub(super) fn live(module: &Module, roots: &[usize]) -> HashSet<usize> {
    let root = module.tree.root();
    let mut units = Vec::new();
    let mut outside = Vec::new();
    collect(root, None, &mut units, &mut outside);
    let predictor =
        roots.first().and_then(|root| units.iter().find(|unit| unit.node.id == *root)).and_then(|unit| unit.class).map(|class| class.id);
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, unit) in units.iter().enumerate() {
        by_name.entry(unit.name).or_default().push(index);
        // Whoever makes an object may have any of its methods called; the predictor's are called by name.
        if let Some(class) = unit.class.filter(|class| Some(class.id) != predictor)
            && let Some(name) = class.field("name")
        {
            by_name.entry(name.text()).or_default().push(index);
        }
    }
    let mut reached: HashSet<usize> = (0..units.len()).filter(|index| roots.contains(&units[*index].node.id)).collect();
    let mut waiting: Vec<Node<'_>> = outside;
    waiting.extend(reached.iter().map(|index| units[*index].node));
    while let Some(node) = waiting.pop() {
        let own_name = node.field("name").map(|name| name.id);
        for part in node.subtree().filter(|part| part.kind() == "identifier" && Some(part.id) != own_name) {
            for index in by_name.get(part.text()).into_iter().flatten() {
                if reached.insert(*index) {
                    waiting.push(units[*index].node);
                }
            }
        }
    }
    let functions = reached.iter().flat_map(|index| units[*index].node.subtree()).filter(|node| node.kind() == "function_definition");
    functions.map(|node| node.id).collect()
}

/// Sorts what is outside of functions from the functions; bodies of functions are not looked into.
fn collect<'m>(node: Node<'m>, class: Option<Node<'m>>, units: &mut Vec<Unit<'m>>, outside: &mut Vec<Node<'m>>) {
    for child in node.children() {
        let definition = if child.kind() == "decorated_definition" { child.field("definition").unwrap_or(child) } else { child };
        match definition.kind() {
            "function_definition" => {
                units.push(Unit { node: definition, name: definition.field("name").map_or("", Node::text), class });
                outside.extend(child.children().filter(|part| part.kind() == "decorator"));
            }
            "class_definition" if class.is_none() => {
                outside.extend(definition.field("superclasses"));
                if let Some(body) = definition.field("body") {
                    collect(body, Some(definition), units, outside);
                }
            }
            "if_statement" if is_main_guard(definition) => {}
            "if_statement" | "try_statement" | "else_clause" | "except_clause" | "block" | "with_statement" => {
                collect(definition, class, units, outside)
            }
            "import_statement" | "import_from_statement" => {}
            _ => outside.push(child),
        }
    }
}

/// `if __name__ == "__main__":`, which Cog does not run.
pub(super) fn is_main_guard(node: Node<'_>) -> bool {
    node.field("condition").is_some_and(|condition| condition.text().contains("__name__"))
}

#[cfg(test)]
mod tests {
    use super::super::{find_predictor, read_signature};
    use super::*;

    #[test]
    fn what_nothing_calls_does_not_run() {
        let text = "def unused(): a()\ndef used(): b()\ndef deep(): c()\nclass Net:\n    def __init__(self): deep()\n    def forward(self): d()\n\
                    class P:\n    def setup(self):\n        self.net = Net()\n        self.load()\n    def load(self): used()\n    def other(self): e()\n    def run(self, x: str) -> str: return f()\n\
                    if __name__ == '__main__':\n    g()\n    unused()\nh()\n";
        let mut module = Module::parse(0, text).unwrap();
        let (predict, setup) = find_predictor(&module, None).unwrap();
        module.signature = Some(read_signature(&module, predict, setup).0);
        module.find_live();
        let running: Vec<_> = module.running().map(|call| call.path.as_str()).filter(|path| path.len() == 1).collect();
        assert_eq!(running, ["b", "c", "d", "f", "h"]);
    }
}
