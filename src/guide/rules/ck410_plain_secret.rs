use crate::guide::finding::Level;
use crate::guide::model::{Kind, Model};
use crate::guide::rule::{Findings, Rule};

/// ## What it does
/// Finds passwords and keys that are typed `str`.
///
/// ## Why is this bad?
/// Only a `Secret` is shown as stars and kept out of logs and stored predictions.
///
/// ## Example
/// ```python
/// api_key: str = Input(description="Key of your account.")
/// ```
///
/// ## Use instead
/// ```python
/// api_key: Secret = Input(description="Key of your account.")
/// ```
///
/// ## What it may get wrong
/// A text that only sounds like a secret. Tokens of language, such as `stop_token`, are not counted.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const NAMES: &[&str] = &["password", "passwd", "secret", "credentials", "token", "bearer"];
const ENDINGS: &[&str] = &[
    "api_key",
    "apikey",
    "api_token",
    "access_token",
    "auth_token",
    "hf_token",
    "huggingface_token",
    "civitai_token",
    "replicate_token",
    "github_token",
    "openai_key",
    "secret_key",
    "access_key",
    "private_key",
    "_password",
    "_secret",
    "bearer_token",
    "wandb_key",
];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.kind == Kind::Text && input.choices.is_none()) {
        let name = input.name.to_lowercase();
        let said_to_be = name != "token" || input.says().to_lowercase().contains("api");
        if (NAMES.contains(&name.as_str()) && said_to_be) || ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            found.input(input, format!("secret `{}` is typed as plain text", input.name), "`Secret` from cog");
        }
    }
}
