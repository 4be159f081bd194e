use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds model names that begin with the variant instead of ending with it.
///
/// ## Why is this bad?
/// Variants of one model stand together in a sorted list only if they begin alike.
///
/// ## Example
/// ```yaml
/// image: r8.im/acme/turbo-painter
/// ```
///
/// ## Use instead
/// ```yaml
/// image: r8.im/acme/painter-turbo
/// ```
///
/// ## What it may get wrong
/// A word such as `fast` may be part of the official name. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const VARIANTS: &[&str] = &[
    "turbo",
    "lightning",
    "schnell",
    "fast",
    "pro",
    "dev",
    "lite",
    "mini",
    "tiny",
    "small",
    "base",
    "medium",
    "large",
    "xl",
    "xxl",
    "quantized",
    "fp16",
    "fp8",
    "int8",
    "int4",
    "4bit",
    "8bit",
    "distilled",
];

fn check(model: &Model, found: &mut Findings) {
    let Some(name) = &model.name else { return };
    if let Some((variant, rest)) = name.text.split_once('-')
        && (VARIANTS.contains(&variant) || is_size(variant))
    {
        found.at(name.span, format!("model name `{}` begins with its variant", name.text), format!("`{rest}-{variant}`"));
    }
}

/// `7b`, `350m`.
fn is_size(word: &str) -> bool {
    word.strip_suffix(['b', 'm']).is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.'))
}
