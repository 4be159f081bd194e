//! One mistake gets one finding, also in the forms that published models have.

use cog_kit::guide::{Level, check};

/// The codes of warnings and errors in a predictor with these parameters.
fn codes(parameters: &str) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("predict.py");
    let text = format!(
        "from typing import Optional\nfrom cog import BasePredictor, Input\nfrom helpers import formats\n\n\n\
         class Predictor(BasePredictor):\n    def predict(self, {parameters}) -> str:\n        return \"\"\n"
    );
    std::fs::write(&file, text).unwrap();
    let report = check(file.to_str().unwrap()).unwrap();
    report.findings().iter().filter(|finding| finding.level > Level::Hint).map(|finding| finding.code).collect()
}

#[test]
fn a_mistake_is_reported_by_one_rule() {
    const PROMPT: &str = "prompt: str = Input(default=\"a fox\", description=\"What to draw, in a few plain words.\")";
    const SEED: &str = "Input(default=None, description=\"Same number, same picture; random when left out.\")";
    for (parameters, expected) in [
        // Required because its None does not count; to move it up would be wrong.
        (format!("{PROMPT}, seed: int = {SEED}"), vec!["CK408"]),
        (format!("{PROMPT}, seed: Optional[int] = {SEED}"), vec![]),
        // What a helper says of an input is not missing.
        (format!("{PROMPT}, output_quality: int = formats.quality()"), vec!["CK206"]),
        (format!("{PROMPT}, **others"), vec![]),
        (format!("{PROMPT}, **others: str"), vec!["CK415"]),
        // A bare name is no input before it has no description.
        ("image".to_owned(), vec!["CK809"]),
        (format!("{PROMPT}, image=1"), vec!["CK415"]),
    ] {
        assert_eq!(codes(&parameters), expected, "{parameters}");
    }
}
