//! Python text to a flat syntax tree. The only file that names tree-sitter.

use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

/// Deeper nodes are left out: Python itself refuses what is nested deeper.
const MAX_DEPTH: usize = 600;
const SECONDS: u64 = 5;

/// A syntax tree in one list, parents before children, so that nothing has to recurse.
#[derive(Debug)]
pub(crate) struct Tree {
    text: String,
    nodes: Vec<Entry>,
    /// Whether nodes were left out because they are nested too deeply.
    pub(crate) is_cut: bool,
}

#[derive(Debug)]
struct Entry {
    kind: &'static str,
    field: Option<&'static str>,
    named: bool,
    broken: bool,
    range: Range<usize>,
    parent: usize,
    /// The number after the last descendant's.
    after: usize,
}

/// The parser needed too long.
#[derive(Debug)]
pub(crate) struct TooSlow {
    pub(crate) seconds: u64,
}

/// Parses a whole file; what is no Python becomes a node that [`Node::is_broken`].
pub(crate) fn parse(text: &str) -> Result<Tree, TooSlow> {
    let give_up = TooSlow { seconds: SECONDS };
    let mut parser = tree_sitter::Parser::new();
    if parser.set_language(&tree_sitter_python::LANGUAGE.into()).is_err() {
        return Err(give_up);
    }
    let deadline = Instant::now() + Duration::from_secs(SECONDS);
    let mut watch =
        |_: &tree_sitter::ParseState| if Instant::now() < deadline { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let options = tree_sitter::ParseOptions::new().progress_callback(&mut watch);
    let bytes = text.as_bytes();
    let parsed = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options)).ok_or(give_up)?;
    Ok(flatten(&parsed, text))
}

fn flatten(parsed: &tree_sitter::Tree, text: &str) -> Tree {
    let mut cursor = parsed.walk();
    let mut nodes: Vec<Entry> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut is_cut = false;
    'walk: loop {
        let node = cursor.node();
        nodes.push(Entry {
            kind: node.kind(),
            field: cursor.field_name(),
            named: node.is_named(),
            broken: node.is_error() || node.is_missing(),
            range: node.byte_range(),
            parent: open.last().copied().unwrap_or(0),
            after: nodes.len() + 1,
        });
        if open.len() < MAX_DEPTH && cursor.goto_first_child() {
            open.push(nodes.len() - 1);
            continue;
        }
        is_cut |= open.len() >= MAX_DEPTH;
        while !cursor.goto_next_sibling() {
            let Some(done) = open.pop() else { break 'walk };
            nodes[done].after = nodes.len();
            cursor.goto_parent();
        }
    }
    Tree { text: text.to_owned(), nodes, is_cut }
}

impl Tree {
    /// The whole file.
    pub(crate) fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The node with this number; the root when there is none.
    pub(crate) fn node(&self, id: usize) -> Node<'_> {
        Node { tree: self, id: if id < self.nodes.len() { id } else { 0 } }
    }
}

/// One node of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'t> {
    tree: &'t Tree,
    pub(crate) id: usize,
}

impl<'t> Node<'t> {
    fn entry(self) -> &'t Entry {
        &self.tree.nodes[self.id]
    }

    /// The grammar's name, such as `call`.
    pub(crate) fn kind(self) -> &'static str {
        self.entry().kind
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.entry().range.clone()
    }

    pub(crate) fn text(self) -> &'t str {
        self.tree.text.get(self.range()).unwrap_or_default()
    }

    pub(crate) fn is_broken(self) -> bool {
        self.entry().broken
    }

    /// The node with its descendants, in the order of the text.
    pub(crate) fn subtree(self) -> impl Iterator<Item = Node<'t>> {
        (self.id..self.entry().after).map(move |id| Node { tree: self.tree, id })
    }

    /// Children, punctuation and operators included.
    pub(crate) fn all_children(self) -> impl Iterator<Item = Node<'t>> {
        let end = self.entry().after;
        let mut next = self.id + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = Node { tree: self.tree, id: next };
                next = child.entry().after;
                child
            })
        })
    }

    /// Children that are no punctuation and no comment.
    pub(crate) fn children(self) -> impl Iterator<Item = Node<'t>> {
        self.named_children().filter(|child| child.kind() != "comment")
    }

    /// Children that are no punctuation, comments included.
    pub(crate) fn named_children(self) -> impl Iterator<Item = Node<'t>> {
        self.all_children().filter(|child| child.entry().named)
    }

    /// The child with this role.
    pub(crate) fn field(self, name: &str) -> Option<Node<'t>> {
        self.all_children().find(|child| child.entry().field == Some(name))
    }

    /// The node around this one; the root is around itself.
    pub(crate) fn parent(self) -> Node<'t> {
        Node { tree: self.tree, id: self.entry().parent }
    }

    /// Whether `other` is this node or inside it.
    pub(crate) fn contains(self, other: Node<'_>) -> bool {
        (self.id..self.entry().after).contains(&other.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_and_fields_are_found() {
        let tree = parse("x = f(1, y=2)  # note\n").unwrap();
        let call = tree.root().subtree().find(|node| node.kind() == "call").unwrap();
        assert_eq!(call.field("function").unwrap().text(), "f");
        let arguments = call.field("arguments").unwrap();
        assert_eq!(arguments.children().map(Node::text).collect::<Vec<_>>(), ["1", "y=2"]);
        assert!(call.contains(arguments) && !arguments.contains(call));
    }

    #[test]
    fn ten_thousand_brackets_are_no_danger() {
        for open in ["(", "[", "{", "f(", "not ", "-", "a.", "lambda: ", "if x:\n "] {
            let tree = parse(&open.repeat(10_000)).unwrap();
            assert!(tree.root().subtree().count() > 0, "{open}");
        }
    }
}
