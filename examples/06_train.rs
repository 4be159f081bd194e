//! A model that can be trained: it tells the language of a text by its letters, of the three that it knows or of those that it is taught.
//!
//! ```text
//! cargo run --example 06_train -- predict -i text='the quick brown fox'
//! cargo run --example 06_train -- train -i texts=@texts.tsv -o trained.json
//! cargo run --example 06_train -- serve --x-mode train
//! ```

use std::collections::{BTreeMap, BTreeSet};

use cog_kit::{Context, Input, Output, Path, Predictor, Result, Trainer, predictor::ensure};
use serde::{Deserialize, Serialize};

const TEXTS: &str = "English\tthe boat is on the sea and the wind is high\n\
    German\tdas Boot liegt auf der See und der Wind weht stark\n\
    French\tle bateau danse dans la mer avec le vent qui souffle\n";

/// How often each run of letters was seen, label by label.
#[derive(Serialize, Deserialize)]
struct Weights {
    run: usize,
    labels: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Weights {
    fn learn(texts: &str, run: usize, mut learned: impl FnMut(usize) -> Result<()>) -> Result<Self> {
        let mut weights = Self { run, labels: BTreeMap::new() };
        for (index, line) in texts.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let parts = line.split_once('\t');
            ensure!(parts.is_some(), "line {}: found no tab, expected a label, a tab and a text", index + 1);
            let (label, text) = parts.unwrap_or_default();
            let counts = weights.labels.entry(label.to_owned()).or_default();
            for letters in runs(text, run) {
                *counts.entry(letters).or_default() += 1;
            }
            learned(index + 1)?;
        }
        Ok(weights)
    }

    /// The label under which the text is most probable: naive Bayes, where what was never seen counts as seen once.
    fn label(&self, text: &str) -> &str {
        let known: BTreeSet<&String> = self.labels.values().flat_map(BTreeMap::keys).collect();
        let probability = |counts: &BTreeMap<String, u32>| -> f64 {
            let total = f64::from(counts.values().sum::<u32>()) + known.len() as f64;
            runs(text, self.run).map(|letters| (f64::from(1 + counts.get(&letters).unwrap_or(&0)) / total).ln()).sum()
        };
        let scores = self.labels.iter().map(|(label, counts)| (label, probability(counts)));
        scores.max_by(|a, b| a.1.total_cmp(&b.1)).map_or("", |(label, _)| label)
    }
}

fn runs(text: &str, length: usize) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    let count = letters.len().saturating_sub(length - 1);
    (0..count).map(move |start| letters.iter().skip(start).take(length).collect())
}

#[derive(Input)]
struct Inputs {
    /// Text whose language is asked for. A sentence is enough.
    text: String,
    /// What a training made, a JSON file. Without it English, German and French are known.
    #[input(default = None, accept = "application/json")]
    weights: Option<Path>,
}

struct Guess(Weights);

impl Predictor for Guess {
    type Input = Inputs;
    type Output = String;

    fn setup() -> Result<Self> {
        Weights::learn(TEXTS, 2, |_| Ok(())).map(Guess)
    }

    fn predict(&self, input: Inputs, _: &Context) -> Result<String> {
        let Some(file) = input.weights else { return Ok(self.0.label(&input.text).to_owned()) };
        let weights: Weights = serde_json::from_slice(&std::fs::read(&file)?)?;
        ensure!(weights.run > 0, "found runs of 0 letters in the weights, expected 1 or more");
        Ok(weights.label(&input.text).to_owned())
    }
}

#[derive(Input)]
struct TrainingInputs {
    /// Texts to learn from, a TSV file: on each line a label, a tab, and a text.
    #[input(accept = "text/tab-separated-values")]
    texts: Path,
    /// How many letters are looked at together. Longer runs need more texts: 2 or 3 serve for most languages.
    #[input(default = 2, ge = 1, le = 5)]
    run_length: usize,
}

#[derive(Output)]
struct Trained {
    weights: Path,
    labels: Vec<String>,
}

struct Learn;

impl Trainer for Learn {
    type Input = TrainingInputs;
    type Output = Trained;

    fn setup() -> Result<Self> {
        Ok(Learn)
    }

    fn train(&self, input: TrainingInputs, ctx: &Context) -> Result<Trained> {
        let texts = std::fs::read_to_string(&input.texts)?;
        let weights = Weights::learn(&texts, input.run_length, |lines| {
            ctx.check_canceled()?;
            ctx.metric("lines").set(lines)
        })?;
        let path = ctx.scratch().join("weights.json");
        std::fs::write(&path, serde_json::to_vec(&weights)?)?;
        Ok(Trained { weights: path.into(), labels: weights.labels.into_keys().collect() })
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main_with_trainer::<Guess, Learn>()
}
