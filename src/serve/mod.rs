//! Predictors behind Cog's own engine, the crate `coglet`. No other module names it.
//!
//! Two processes run the same binary. `parent` speaks HTTP and validates requests, after `preflight` has looked at the machine; `relay` passes requests on to
//! the worker, so that none takes its slot with it, and `folder` removes what the engine leaves on disk. `worker` owns the predictor, and `handler` runs its
//! predictions: `panics` keeps a panic inside the prediction that made it, `logs` and `capture` bring what it says to its logs, `text` cuts what is too large
//! for the engine, `upload` keeps the order of uploads, and `janitor` removes what is left behind. [`Async`] serves predictors whose predictions wait, and `training` trainers.
//!
//! What is worked around here and why is in `docs/upstream.md`.

mod asynchronous;
mod capture;
mod ending;
mod folder;
mod handler;
mod janitor;
mod log_writer;
mod logs;
mod options;
mod panics;
mod parent;
mod preflight;
mod relay;
mod sink;
mod spawner;
mod stray;
mod table;
mod text;
mod training;
mod upload;
mod worker;

pub use asynchronous::Async;
pub(crate) use log_writer::say_error;
pub use options::{LogFormat, ServeOptions};
pub use parent::{ServeError, serve, serve_with_trainer};
pub(crate) use training::Training;
pub(crate) use worker::{work, worker_mode};

/// The version of Cog whose engine serves predictors and whose schema they print.
pub const COG_VERSION: &str = coglet::COGLET_VERSION;

use crate::{
    input::Input,
    predictor::{Output, Predictor, Trainer},
    schema::{Document, MergedDocument, TrainingDocument},
};

/// What a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Predictions.
    Predict,
    /// Trainings.
    Train,
}

impl Mode {
    /// The name that `--x-mode` has for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Predict => "predict",
            Self::Train => "train",
        }
    }
}

/// The OpenAPI document of a predictor, as Cog prints it for the same signature.
pub fn document<P: Predictor>() -> serde_json::Value {
    with_document::<P, _>(|document| document.to_json())
}

/// The same in Cog's very bytes.
pub fn document_text<P: Predictor>() -> String {
    with_document::<P, _>(|document| document.to_string())
}

/// The OpenAPI document of a model that can be trained: Cog's for the predictor and for the trainer, merged.
pub fn document_with_trainer<P: Predictor, T: Trainer>() -> serde_json::Value {
    let (input, output) = (T::Input::schema(), T::Output::schema());
    let training = TrainingDocument { input: &input, output: &output, version: COG_VERSION };
    with_document::<P, _>(|prediction| MergedDocument { prediction, training }.to_json())
}

fn with_document<P: Predictor, T>(show: impl FnOnce(Document<'_>) -> T) -> T {
    const {
        assert!(
            P::Output::STREAMS || !P::STREAMING,
            "only a predictor whose output is a `Stream` or a `ConcatenateStream` can be STREAMING"
        );
    }
    let (input, output) = (P::Input::schema(), P::Output::schema());
    show(Document { input: &input, output: &output, streaming: P::STREAMING, version: COG_VERSION })
}
