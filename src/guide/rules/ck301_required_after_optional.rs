use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds required inputs that stand after inputs that may be left out.
///
/// ## Why is this bad?
/// Users fill in the form from the top, and what they must give should not hide among settings.
///
/// ## Example
/// ```python
/// strength: float = Input(default=0.5, ge=0, le=1, description="How much to change; 0 changes nothing."),
/// image: Path = Input(description="Picture to change, as PNG or JPEG."),
/// ```
///
/// ## Use instead
/// ```python
/// image: Path = Input(description="Picture to change, as PNG or JPEG."),
/// strength: float = Input(default=0.5, ge=0, le=1, description="How much to change; 0 changes nothing."),
/// ```
///
/// ## What it may get wrong
/// A setting may be more important than a required input, though rarely. A prompt, a text or a picture with an example as its default may stand first, and
/// what is required only because its default None does not count (CK408) is left alone.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

fn check(model: &Model, found: &mut Findings) {
    let Some(first_optional) = model.inputs.iter().position(|input| !input.is_required() && !input.is_opaque && !input.is_main()) else {
        return;
    };
    let before = &model.inputs[first_optional];
    for input in model.inputs[first_optional..].iter().filter(|input| input.is_required() && !input.default.is_none()) {
        let message = format!("required input `{}` stands after `{}`, which may be left out", input.name, before.name);
        found.input(input, message, format!("`{}` above `{}`", input.name, before.name));
    }
}
