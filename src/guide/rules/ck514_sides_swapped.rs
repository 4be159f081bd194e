use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::pictures::{has_word, opened_from};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds Pillow's and OpenCV's `resize` called with the height first.
///
/// ## Why is this bad?
/// Both take width and height in this order, so a portrait becomes a squashed landscape.
///
/// ## Example
/// ```python
/// small = cv2.resize(picture, (height, width))
/// ```
///
/// ## Use instead
/// ```python
/// small = cv2.resize(picture, (width, height))
/// ```
///
/// ## What it may get wrong
/// Variables whose names say height and hold a width.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(module) = &model.module else { return };
    let is = |name: &str, words: [&str; 2]| words.iter().any(|word| has_word(name, word));
    for call in module.calls.iter().filter(|call| call.method() == "resize") {
        let size = if call.path == "cv2.resize" {
            call.argument(module, 1).or_else(|| call.keyword(module, "dsize"))
        } else if call.receiver(module).is_some_and(|receiver| opened_from(module, receiver, call.function).is_some()) {
            call.argument(module, 0).or_else(|| call.keyword(module, "size"))
        } else {
            None
        };
        let Some(size) = size.filter(|size| size.kind() == "tuple") else { continue };
        let sides: Vec<_> = size.children().map(|side| side.text()).collect();
        if let [first, second] = sides[..]
            && is(first, ["height", "h"])
            && is(second, ["width", "w"])
        {
            found.at(module.span(size), "`resize` takes the width first", format!("`({second}, {first})`")).scope =
                module.span(call.node(module));
        }
    }
}
