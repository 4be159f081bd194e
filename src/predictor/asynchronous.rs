//! Predictors whose predictions wait rather than work.

use std::future::Future;

use super::{Context, Output, Result};
use crate::input::Input;

/// A model whose predictions are futures, for work that waits for other machines.
///
/// [`Async`](crate::serve::Async) makes a [`Predictor`](super::Predictor) of it: `cog_kit::main::<Async<Proxy>>()`. The futures run on a Tokio runtime of their
/// own. A prediction that is canceled is dropped at its next `await`.
pub trait AsyncPredictor: Sized + Send + Sync + 'static {
    /// What a request holds; a struct with `#[derive(Input)]`.
    type Input: Input;

    /// What a prediction gives back.
    type Output: Output;

    /// Whether clients may ask for server-sent events; only for a [`Stream`](super::Stream) or a [`ConcatenateStream`](super::ConcatenateStream).
    const STREAMING: bool = false;

    /// Makes whatever every prediction needs.
    ///
    /// # Errors
    /// Any error ends the setup.
    fn setup() -> impl Future<Output = Result<Self>> + Send;

    /// Answers one request.
    ///
    /// # Errors
    /// Any error fails this prediction; so does a panic.
    fn predict(&self, input: Self::Input, ctx: &Context) -> impl Future<Output = Result<Self::Output>> + Send;

    /// Whether predictions can be answered now.
    ///
    /// # Errors
    /// An error says UNHEALTHY, as `false` does.
    fn healthcheck(&self) -> impl Future<Output = Result<bool>> + Send {
        std::future::ready(Ok(true))
    }
}
