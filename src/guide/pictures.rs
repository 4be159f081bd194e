//! What several rules ask about code that handles pictures.

use super::model::Model;
use super::python::syntax::Node;
use super::python::{Call, Module};

/// A variable that is set again and again is followed this far.
const MAX_STEPS: usize = 4;
/// Parts of names of paths that the model itself writes to.
const WRITTEN: &[&str] = &["output", "out", "result", "results", "save", "saved", "generated"];

/// The calls that open a picture with Pillow, by a path that is not written in the code.
pub(crate) fn opened_uploads(module: &Module) -> impl Iterator<Item = &Call> {
    module.calls.iter().filter(|call| call.path == "PIL.Image.open" && is_upload(module, call))
}

/// How a library reads an image.
pub(crate) struct Reader {
    path: &'static str,
    /// Whether it turns the image as its orientation says.
    pub(crate) turns: bool,
    /// What it does to transparency.
    pub(crate) alpha: Alpha,
}

/// What becomes of transparency.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alpha {
    /// The color behind transparent pixels, whatever it is, becomes visible.
    Dropped,
    /// The array has four channels when the file has.
    Kept,
}

/// Readers other than Pillow's own.
const READERS: &[Reader] = &[
    Reader { path: "cv2.imread", turns: true, alpha: Alpha::Dropped },
    Reader { path: "diffusers.utils.load_image", turns: true, alpha: Alpha::Dropped },
    Reader { path: "diffusers.utils.loading_utils.load_image", turns: true, alpha: Alpha::Dropped },
    Reader { path: "transformers.image_utils.load_image", turns: true, alpha: Alpha::Dropped },
    Reader { path: "skimage.io.imread", turns: false, alpha: Alpha::Kept },
    Reader { path: "imageio.imread", turns: false, alpha: Alpha::Kept },
    Reader { path: "imageio.v2.imread", turns: false, alpha: Alpha::Kept },
    Reader { path: "imageio.v3.imread", turns: false, alpha: Alpha::Kept },
    Reader { path: "torchvision.io.read_image", turns: false, alpha: Alpha::Kept },
    Reader { path: "torchvision.io.decode_image", turns: false, alpha: Alpha::Kept },
    Reader { path: "matplotlib.pyplot.imread", turns: false, alpha: Alpha::Kept },
];

/// The calls that read an upload with another library than Pillow. Masks have neither colors nor an orientation of their own.
pub(crate) fn read_uploads(module: &Module) -> impl Iterator<Item = (&Call, &'static Reader)> {
    let known = module.running().filter_map(|call| Some((call, READERS.iter().find(|reader| reader.path == call.path)?)));
    known.filter(|(call, _)| {
        let argument = call.argument(module, 0).map_or("", Node::text);
        is_upload(module, call) && !argument.contains("mask")
    })
}

/// Whether the first argument may be the path of an upload.
pub(crate) fn is_upload(module: &Module, call: &Call) -> bool {
    !module.in_setup(call) && call.argument(module, 0).is_some_and(|argument| may_be_upload(module, argument, call.function))
}

/// Whether a variable has a part in the path: a fixed path, one in `self` and one whose name says that the model wrote there are no uploads.
fn may_be_upload(module: &Module, path: Node<'_>, function: Option<usize>) -> bool {
    let is_member = |node: &Node<'_>| {
        let around = node.parent();
        let named = around.field(if around.kind() == "attribute" { "attribute" } else { "name" });
        matches!(around.kind(), "attribute" | "keyword_argument") && named.is_some_and(|named| named.id == node.id)
    };
    let known = |node: &Node<'_>| {
        let name = node.text();
        ["self", "str", "open", "Path"].contains(&name)
            || module.imports(name)
            || module.known_text(*node, function).is_some()
            || WRITTEN.iter().any(|word| has_word(name, word))
    };
    let names = path.subtree().filter(|node| node.kind() == "identifier" && !is_member(node));
    module.known_text(path, function).is_none() && names.into_iter().any(|node| !known(&node))
}

/// The Python file of a model that takes files.
pub(crate) fn module_with_files(model: &Model) -> Option<&Module> {
    model.module.as_ref().filter(|_| model.inputs.iter().any(super::model::Input::is_file))
}

/// Whether an expression is a picture as Pillow opened it from an upload, turned upright or not.
pub(crate) fn is_opened(module: &Module, node: Node<'_>, function: Option<usize>) -> bool {
    source(module, node, function, &["PIL.ImageOps.exif_transpose"], MAX_STEPS).is_some()
}

/// What the picture was opened from, also when it was converted or copied since.
pub(crate) fn opened_from<'m>(module: &'m Module, node: Node<'m>, function: Option<usize>) -> Option<Node<'m>> {
    source(module, node, function, &["PIL.ImageOps.exif_transpose", "convert", "copy"], MAX_STEPS)
}

/// The upload that an expression opens, looking through names and the functions and methods of `through`.
fn source<'m>(module: &'m Module, node: Node<'m>, function: Option<usize>, through: &[&str], steps: usize) -> Option<Node<'m>> {
    let steps = steps.checked_sub(1)?;
    if node.kind() == "identifier" {
        return module.all_assigned(node.text(), function).find_map(|value| source(module, value, function, through, steps));
    }
    let callee = node.field("function")?;
    let argument = node.field("arguments").and_then(|arguments| arguments.children().next());
    let path = module.path(callee);
    if path == "PIL.Image.open" {
        return argument.filter(|argument| may_be_upload(module, *argument, function));
    }
    if through.contains(&path.as_str()) {
        return source(module, argument?, function, through, steps);
    }
    let method = callee.field("attribute").filter(|method| through.contains(&method.text()));
    source(module, method.and(callee.field("object"))?, function, through, steps)
}

/// Whether any file input is named inside the expression.
pub(crate) fn names_file_input(model: &Model, node: Node<'_>) -> bool {
    node.subtree().any(|part| part.kind() == "identifier" && model.inputs.iter().any(|input| input.is_file() && input.name == part.text()))
}

/// Whether one of the words of a snake-case name is `word`.
pub(crate) fn has_word(name: &str, word: &str) -> bool {
    name.to_lowercase().split(['_', '.']).any(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()) == word)
}
