use crate::guide::finding::Level;
use crate::guide::rule::Rule;

/// ## What it does
/// Finds `cog-kit: allow(…)` comments that silence nothing, or name a rule that does not exist.
///
/// ## Why is this bad?
/// A comment that outlives its reason hides the next mistake on that line.
///
/// ## Example
/// ```python
/// # cog-kit: allow(CK101)
/// image: Path = Input(description="Picture to sharpen, as PNG or JPEG."),
/// ```
///
/// ## Use instead
/// ```python
/// image: Path = Input(description="Picture to sharpen, as PNG or JPEG."),
/// ```
///
/// ## What it may get wrong
/// Nothing known. A rule that `cog-kit.toml` allows everywhere is not counted as unused.
pub(super) const RULE: Rule = Rule {
    level: Level::Warning,
    // Which comments are unused is known only when every rule has spoken.
    check: |_, _| {},
};
