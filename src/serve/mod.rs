//! Predictors behind Cog's own engine, the crate `coglet`. No other module names it.
//!
//! Two processes run the same binary: `parent` speaks HTTP and validates requests; `worker` owns the predictor, and `handler` runs its predictions.
//! `panics` keeps a panic inside the prediction that made it, `logs` and
//! `capture` bring what it says to its logs, `janitor` removes what it leaves behind, and `folder` what the engine does. [`Async`] serves predictors whose predictions wait.

mod asynchronous;
mod capture;
mod folder;
mod handler;
mod janitor;
mod logs;
mod options;
mod panics;
mod parent;
mod sink;
mod worker;

pub use asynchronous::Async;
pub use options::{LogFormat, ServeOptions};
pub use parent::{ServeError, serve};
pub(crate) use worker::{is_worker, work};

/// The version of Cog whose engine serves predictors and whose schema they print.
pub const COG_VERSION: &str = coglet::COGLET_VERSION;

use crate::{
    input::Input,
    predictor::{Output, Predictor},
    schema::Document,
};

/// The OpenAPI document of a predictor, as Cog prints it for the same signature.
pub fn document<P: Predictor>() -> serde_json::Value {
    with_document::<P, _>(|document| document.to_json())
}

/// The same in Cog's very bytes.
pub fn document_text<P: Predictor>() -> String {
    with_document::<P, _>(|document| document.to_string())
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
