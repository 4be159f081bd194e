//! What several rules ask about code that handles pictures.

use super::model::Model;
use super::python::syntax::Node;
use super::python::{Call, Module};

/// A variable that is set again and again is followed this far.
const MAX_STEPS: usize = 4;

/// The calls that open a picture with Pillow, by a path that is not written in the code.
pub(crate) fn opened_uploads(module: &Module) -> impl Iterator<Item = &Call> {
    module.calls.iter().filter(|call| call.path == "PIL.Image.open" && is_upload(module, call))
}

/// Whether the first argument is something else than a fixed path.
pub(crate) fn is_upload(module: &Module, call: &Call) -> bool {
    call.argument(module, 0).is_some_and(|argument| module.known_text(argument, call.function).is_none())
}

/// The Python file of a model that takes files.
pub(crate) fn module_with_files(model: &Model) -> Option<&Module> {
    model.module.as_ref().filter(|_| model.inputs.iter().any(super::model::Input::is_file))
}

/// Whether an expression is a picture that Pillow opened from an upload, turned upright or not.
pub(crate) fn is_opened(module: &Module, node: Node<'_>, function: Option<usize>) -> bool {
    follow(module, node, function, MAX_STEPS)
}

fn follow(module: &Module, node: Node<'_>, function: Option<usize>, steps: usize) -> bool {
    let Some(steps) = steps.checked_sub(1) else { return false };
    match node.kind() {
        "identifier" => module.all_assigned(node.text(), function).any(|value| follow(module, value, function, steps)),
        "call" => {
            let Some(callee) = node.field("function") else { return false };
            let argument = || node.field("arguments").and_then(|arguments| arguments.children().next());
            match module.path(callee).as_str() {
                "PIL.Image.open" => argument().is_some_and(|argument| module.known_text(argument, function).is_none()),
                "PIL.ImageOps.exif_transpose" => argument().is_some_and(|argument| follow(module, argument, function, steps)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether any file input is named inside the expression.
pub(crate) fn names_file_input(model: &Model, node: Node<'_>) -> bool {
    node.subtree().any(|part| part.kind() == "identifier" && model.inputs.iter().any(|input| input.is_file() && input.name == part.text()))
}

/// Whether one of the words of a snake-case name is `word`.
pub(crate) fn has_word(name: &str, word: &str) -> bool {
    name.to_lowercase().split(['_', '.']).any(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()) == word)
}
