//! The documents of models that can be trained.

use std::fmt;

use serde_json::{Value, map::Entry};

use super::document::{Operation, tree};
use super::tree::Tree;
use super::{Document, InputSchema, OutputSchema};

/// The OpenAPI document of a training alone, as Cog prints it; `to_string()` gives Cog's bytes.
///
/// # Source
/// Cog's static schema generator; `tests/schema.rs` compares whole documents.
#[derive(Debug, Clone, Copy)]
pub struct TrainingDocument<'a> {
    /// The inputs.
    pub input: &'a InputSchema,
    /// What comes back.
    pub output: &'a OutputSchema,
    /// The version in `info`: for Cog, that of its command line.
    pub version: &'a str,
}

impl TrainingDocument<'_> {
    /// The document as a JSON value.
    pub fn to_json(&self) -> Value {
        self.to_tree().to_json()
    }

    fn to_tree(self) -> Tree {
        tree(Operation::Train, self.input, self.output, self.version)
    }
}

impl fmt::Display for TrainingDocument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_tree().fmt(f)
    }
}

/// The OpenAPI document of a model that predicts and can be trained: both documents in one.
///
/// What both have under one name is the prediction's: an input with choices that has the same name in both keeps the prediction's choices, as in Cog.
/// `to_string()` is Cog's form of it: keys sorted, on many lines.
#[derive(Debug, Clone, Copy)]
pub struct MergedDocument<'a> {
    /// The predictions.
    pub prediction: Document<'a>,
    /// The trainings.
    pub training: TrainingDocument<'a>,
}

impl MergedDocument<'_> {
    /// The document as a JSON value.
    pub fn to_json(&self) -> Value {
        let mut merged = self.prediction.to_json();
        merge(&mut merged, &self.training.to_json());
        merged
    }
}

impl fmt::Display for MergedDocument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Tree::from(self.to_json()).write_indented(f, 0)
    }
}

/// Adds the components and paths that are not there yet.
fn merge(document: &mut Value, other: &Value) {
    for place in ["/components/schemas", "/paths"] {
        if let (Some(Value::Object(target)), Some(Value::Object(more))) = (document.pointer_mut(place), other.pointer(place)) {
            for (name, value) in more {
                if let Entry::Vacant(entry) = target.entry(name.as_str()) {
                    entry.insert(value.clone());
                }
            }
        }
    }
}
