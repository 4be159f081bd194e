use crate::guide::finding::Level;
use crate::guide::model::Model;
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::says_any;

/// ## What it does
/// Finds a first line that speaks of papers, code and training instead of what the model does, or is longer than 200 characters.
///
/// ## Why is this bad?
/// The line is for people who look for a tool, and they search in their own words.
///
/// ## Example
/// ```markdown
/// Official PyTorch implementation of our CVPR 2024 paper on latent diffusion.
/// ```
///
/// ## Use instead
/// ```markdown
/// Restores faces in old and blurred photos.
/// ```
///
/// ## What it may get wrong
/// A word on the list may be the plainest one there is. Hence a hint.
pub(super) const RULE: Rule = Rule { level: Level::Hint, check };

const MAX_CHARACTERS: usize = 200;

const JARGON: &[&str] = &[
    "implementation",
    "sota",
    "state-of-the-art",
    "arxiv",
    "cvpr",
    "iccv",
    "eccv",
    "neurips",
    "siggraph",
    "icml",
    "iclr",
    "pytorch",
    "diffusers",
    "latent",
    "checkpoint",
    "cog",
    "repository",
    "repo",
    "zero-shot",
    "transformer",
    "vae",
    "lora",
    "autoregressive",
];

fn check(model: &Model, found: &mut Findings) {
    let Some(summary) = &model.summary else { return };
    let instead = "what goes in and what comes out, in words that users search for";
    if says_any(&summary.text, JARGON) {
        found.at(summary.span, "the model's first line takes a specialist to understand", instead);
    } else if summary.text.chars().count() > MAX_CHARACTERS {
        found.at(summary.span, format!("the model's first line is longer than {MAX_CHARACTERS} characters"), instead);
    }
}
