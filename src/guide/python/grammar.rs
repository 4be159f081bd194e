//! What CPython refuses to compile. The only file that names the parser of Ruff.

use std::cell::RefCell;
use std::ops::Range;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Mod, PythonVersion, Stmt};
use ruff_python_parser::semantic_errors::{LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::TextRange;

/// The version that is assumed where none is declared.
pub(crate) const LATEST: (u8, u8) = (3, 13);
/// Brackets inside brackets that CPython still reads.
const MAX_BRACKETS: usize = 200;
/// The parser and what walks its tree recurse, which has to end on files of any depth.
const STACK: usize = 256 << 20;

/// A mistake and the bytes that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) range: Range<usize>,
    pub(crate) what: String,
}

/// The first mistake of a file, for a version of Python. `too_deep` says that the file is nested deeper than anything that people write.
pub(crate) fn first_mistake(text: &str, version: (u8, u8), too_deep: bool) -> Option<Mistake> {
    if let Some(at) = too_many_brackets(text) {
        return Some(Mistake { range: at..at + 1, what: "too many nested brackets".to_owned() });
    }
    if too_deep {
        return None;
    }
    let thread = std::thread::Builder::new().stack_size(STACK);
    std::thread::scope(|scope| thread.spawn_scoped(scope, || find(text, version)).ok()?.join().ok().flatten())
}

fn find(text: &str, (major, minor): (u8, u8)) -> Option<Mistake> {
    let version = PythonVersion { major, minor };
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module).with_target_version(version));
    let range = |range: TextRange| usize::from(range.start())..usize::from(range.end());
    let parse = parsed.errors().iter().map(|error| Mistake { range: range(error.location), what: error.error.to_string() });
    let versioned = parsed.unsupported_syntax_errors().iter().map(|error| Mistake { range: range(error.range), what: error.to_string() });
    let mut found: Vec<Mistake> = parse.chain(versioned).collect();
    if found.is_empty()
        && let Mod::Module(module) = parsed.syntax()
    {
        let mut walk =
            Walk { text, version, scopes: Vec::new(), loops: 0, checker: SemanticSyntaxChecker::new(), found: RefCell::default() };
        walk.visit_body(&module.body);
        found.extend(walk.found.into_inner().iter().map(|error| Mistake { range: range(error.range), what: error.to_string() }));
    }
    found.into_iter().min_by_key(|mistake| mistake.range.start)
}

/// Where the brackets are nested too deeply, strings and comments not looked into unless there are that many brackets at all.
fn too_many_brackets(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut comment, mut escaped) = (0_usize, None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => (comment, quote, escaped) = (false, None, false),
            _ if comment => {}
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            _ if quote.is_some() => {}
            b'"' | b'\'' => quote = Some(byte),
            b'#' => comment = true,
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > MAX_BRACKETS {
                    return Some(at);
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Class,
    Function { is_async: bool },
    Lambda,
    Comprehension { is_async: bool, generator: bool },
}

/// Goes through the tree and asks about each statement and expression.
struct Walk<'t> {
    text: &'t str,
    version: PythonVersion,
    scopes: Vec<Scope>,
    loops: usize,
    checker: SemanticSyntaxChecker,
    found: RefCell<Vec<SemanticSyntaxError>>,
}

impl Walk<'_> {
    fn ask(&mut self, ask: impl FnOnce(&mut SemanticSyntaxChecker, &Self)) {
        let mut checker = std::mem::take(&mut self.checker);
        ask(&mut checker, self);
        self.checker = checker;
    }

    fn inside(&mut self, scope: Scope, walk: impl FnOnce(&mut Self)) {
        let loops = if matches!(scope, Scope::Comprehension { .. }) { self.loops } else { std::mem::take(&mut self.loops) };
        self.scopes.push(scope);
        walk(self);
        self.scopes.pop();
        self.loops = loops;
    }

    fn enclosing(&self) -> Option<Scope> {
        self.scopes.iter().rev().find(|scope| !matches!(scope, Scope::Comprehension { .. })).copied()
    }
}

impl<'a> Visitor<'a> for Walk<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.ask(|checker, walk| checker.visit_stmt(stmt, walk));
        match stmt {
            Stmt::FunctionDef(function) => self.inside(Scope::Function { is_async: function.is_async }, |walk| walk_stmt(walk, stmt)),
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.visit_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                self.inside(Scope::Class, |walk| walk.visit_body(&class.body));
            }
            Stmt::For(_) | Stmt::While(_) => {
                self.loops += 1;
                walk_stmt(self, stmt);
                self.loops -= 1;
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.ask(|checker, walk| checker.visit_expr(expr, walk));
        let (generators, generator) = match expr {
            Expr::Lambda(_) => return self.inside(Scope::Lambda, |walk| walk_expr(walk, expr)),
            Expr::ListComp(list) => (&list.generators, false),
            Expr::SetComp(set) => (&set.generators, false),
            Expr::DictComp(dict) => (&dict.generators, false),
            Expr::Generator(generator) => (&generator.generators, true),
            _ => return walk_expr(self, expr),
        };
        let is_async = generators.iter().any(|generator| generator.is_async);
        self.inside(Scope::Comprehension { is_async, generator }, |walk| walk_expr(walk, expr));
    }
}

/// What cannot be told without resolving names is taken to be allowed.
impl SemanticSyntaxContext for Walk<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        false
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        None
    }

    fn python_version(&self) -> PythonVersion {
        self.version
    }

    fn source(&self) -> &str {
        self.text
    }

    fn global(&self, _name: &str) -> Option<TextRange> {
        None
    }

    fn has_nonlocal_binding(&self, _name: &str) -> bool {
        true
    }

    fn in_async_context(&self) -> bool {
        match self.scopes.last() {
            Some(Scope::Function { is_async }) => *is_async,
            // The first iterable of a comprehension belongs to the function around it.
            Some(Scope::Comprehension { is_async, .. }) => *is_async || self.enclosing() == Some(Scope::Function { is_async: true }),
            _ => false,
        }
    }

    fn in_await_allowed_context(&self) -> bool {
        matches!(self.enclosing(), Some(Scope::Function { .. } | Scope::Lambda))
    }

    fn in_yield_allowed_context(&self) -> bool {
        matches!(self.enclosing(), Some(Scope::Function { .. } | Scope::Lambda))
    }

    fn in_sync_comprehension(&self) -> bool {
        false
    }

    fn in_class_body_comprehension(&self) -> bool {
        false
    }

    fn in_module_scope(&self) -> bool {
        self.scopes.is_empty()
    }

    fn in_function_scope(&self) -> bool {
        matches!(self.scopes.last(), Some(Scope::Function { .. }))
    }

    fn in_generator_context(&self) -> bool {
        matches!(self.scopes.last(), Some(Scope::Comprehension { generator: true, .. }))
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        self.found.borrow_mut().push(error);
    }

    fn in_loop_context(&self) -> bool {
        self.loops > 0
    }

    fn is_bound_parameter(&self, _name: &str) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, version: (u8, u8)) -> Option<usize> {
        first_mistake(text, version, false).map(|mistake| text[..mistake.range.start].matches('\n').count() + 1)
    }

    #[test]
    fn what_cpython_refuses_has_a_line() {
        for (text, expected) in [
            ("x = 1\nprint \"x\"\n", 2),
            ("def f():\nreturn 1\n", 2),
            ("def f(a=1, b):\n    pass\n", 1),
            ("f(a=1,\n  a=2)\n", 2),
            ("def f(a, a):\n    pass\n", 1),
            ("if x:\n    a\n  b\n", 3),
            ("return 1\n", 1),
            ("class A:\n    await x\n", 2),
            ("for x in y:\n    pass\nbreak\n", 3),
            ("x = 010\n", 1),
            ("async def f():\n    yield 1\n    return 2\n", 3),
            ("x = (1,\n", 2),
            ("f() = 1\n", 1),
            ("def f():\n    await x\n", 2),
        ] {
            assert_eq!(line(text, LATEST), Some(expected), "{text}");
        }
    }

    #[test]
    fn syntax_is_held_to_the_declared_version() {
        for (text, since) in [
            ("x = f\"{a[\"b\"]}\"\n", (3, 12)),
            ("type X = int\n", (3, 12)),
            ("def f[T](a: T): pass\n", (3, 12)),
            ("try:\n    pass\nexcept* E:\n    pass\n", (3, 11)),
        ] {
            assert_eq!(line(text, since), None, "{text}");
            assert!(line(text, (3, since.1 - 1)).is_some(), "{text}");
        }
    }

    #[test]
    fn valid_files_have_no_mistake() {
        for text in [
            "async def f():\n    async with a as b:\n        return [x async for x in await y]\n",
            "def f():\n    for x in y:\n        if x:\n            break\n    return (z for z in x)\n",
            "match x:\n    case [1, *rest]:\n        pass\n",
            "class A:\n    x: int = 1\n    def f(self, /, a, *, b=1, **k): return lambda: (yield)\n",
            "# -*- coding: utf-8 -*-\nfrom __future__ import annotations\nglobal_name = 1\ndef f():\n    global global_name\n    global_name = 2\n",
            "",
        ] {
            assert_eq!(first_mistake(text, LATEST, false), None, "{text}");
        }
    }

    #[test]
    fn any_depth_is_survived() {
        for open in ["(", "[", "f(", "-", "not ", "lambda: ", "a if b else ", "a.", "f'{", "if x:\n "] {
            for count in [150, 550] {
                let _ = first_mistake(&open.repeat(count), LATEST, false);
            }
            let _ = first_mistake(&open.repeat(100_000), LATEST, true);
        }
    }
}
