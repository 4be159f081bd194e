use crate::guide::finding::Level;
use crate::guide::model::{Input, Model};
use crate::guide::rule::{Findings, Rule};
use crate::guide::words::{parts, says_any};

/// ## What it does
/// Finds numbers whose range spans more than a factor of fifty and whose description does not say where results are best.
///
/// ## Why is this bad?
/// Wide ranges are welcome, but most of a wide range gives poor results, and users cannot know which part.
///
/// ## Example
/// ```python
/// num_inference_steps: int = Input(default=50, ge=1, le=500, description="Rounds of refinement.")
/// ```
///
/// ## Use instead
/// ```python
/// num_inference_steps: int = Input(default=50, ge=1, le=500, description="Rounds of refinement; 20 to 50 is best, more takes longer.")
/// ```
///
/// ## What it may get wrong
/// Scales that everybody knows: percentages and 0 to 255 are left alone, and so are seeds, decimal numbers up to 10 and times,
/// angles and the like, where users want the one that they have in mind.
pub(super) const RULE: Rule = Rule { level: Level::Warning, check };

const FACTOR: f64 = 50.0;

/// Parts of names of what is asked for, not tried out.
const ASKED_FOR: &[&str] = &["duration", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "month", "age", "years", "bpm"];
const UNITS: &[&str] = &[
    "in seconds",
    "in minutes",
    "in hours",
    "in days",
    "in years",
    "in degrees",
    "in decibels",
    "in semitones",
    "in percent",
    "in beats per minute",
];

const GUIDANCE: &[&str] = &[
    "best",
    "recommended",
    "recommend",
    "typical",
    "typically",
    "usually",
    "usual",
    "good",
    "suggested",
    "optimal",
    "ideal",
    "higher",
    "lower",
    "more",
    "fewer",
    "less",
    "larger",
    "smaller",
    "increase",
    "decrease",
    "longer",
    "faster",
    "slower",
    "default",
    "normally",
    "works well",
    "try",
];

fn check(model: &Model, found: &mut Findings) {
    for input in model.inputs.iter().filter(|input| input.is_number() && !input.is_seed() && !input.deprecated && !input.described_by_code)
    {
        let (Some(least), Some(most)) = (input.ge, input.le) else { continue };
        if is_wide(least, most) && !is_asked_for(input) && !guides(input) {
            let message = format!("`{}` goes from {least} to {most} and does not say where results are best", input.name);
            found.input_at(input, input.description_place(), message, "the values that work best, and what happens outside them");
        }
    }
}

fn is_wide(least: f64, most: f64) -> bool {
    let known = (least == 0.0 || least == 1.0) && (most == 100.0 || most == 255.0);
    !known && most > 10.0 && most - least > FACTOR * least.abs().max(1.0)
}

fn is_asked_for(input: &Input) -> bool {
    parts(&input.name).iter().any(|part| ASKED_FOR.contains(part)) || says_any(input.says(), UNITS)
}

fn guides(input: &Input) -> bool {
    input.says().contains(|c: char| c.is_ascii_digit()) || says_any(input.says(), GUIDANCE)
}
