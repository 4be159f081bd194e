//! Asynchronous predictors as predictors.

use std::{future::Future, time::Duration};

use tokio::{runtime::Runtime, time::interval};

use super::parent::runtime_builder;
use crate::predictor::{AsyncPredictor, Canceled, Context, Predictor, Result};

/// How often a waiting prediction looks whether it was canceled.
const LOOK: Duration = Duration::from_millis(10);

/// An [`AsyncPredictor`] as a [`Predictor`]: each prediction's future is driven by the prediction's own thread, on a runtime that they share.
///
/// # Examples
/// ```no_run
/// use cog_kit::{AsyncPredictor, Context, Input, Result, serve::Async};
///
/// #[derive(Input)]
/// struct Inputs {
///     /// What to say.
///     text: String,
/// }
///
/// struct Echo;
///
/// impl AsyncPredictor for Echo {
///     type Input = Inputs;
///     type Output = String;
///
///     async fn setup() -> Result<Self> {
///         Ok(Echo)
///     }
///
///     async fn predict(&self, input: Inputs, _: &Context) -> Result<String> {
///         Ok(input.text)
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     cog_kit::main::<Async<Echo>>()
/// }
/// ```
#[derive(Debug)]
pub struct Async<P> {
    predictor: P,
    runtime: Background,
}

/// A runtime that may be dropped anywhere.
#[derive(Debug)]
struct Background(Option<Runtime>);

impl Background {
    fn block_on<F: Future<Output = Result<T>>, T>(&self, future: F) -> Result<T> {
        match &self.0 {
            Some(runtime) => runtime.block_on(future),
            None => Err(Canceled.into()),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl<P: AsyncPredictor> Predictor for Async<P> {
    type Input = P::Input;
    type Output = P::Output;

    const STREAMING: bool = P::STREAMING;

    fn setup() -> Result<Self> {
        let runtime = Background(Some(runtime_builder().thread_name("cog-kit-async").build()?));
        let predictor = runtime.block_on(P::setup())?;
        Ok(Self { predictor, runtime })
    }

    fn predict(&self, input: P::Input, ctx: &Context) -> Result<P::Output> {
        self.runtime.block_on(async {
            tokio::select! {
                output = self.predictor.predict(input, ctx) => output,
                () = canceled(ctx) => Err(Canceled.into()),
            }
        })
    }

    fn healthcheck(&self) -> Result<bool> {
        self.runtime.block_on(self.predictor.healthcheck())
    }
}

async fn canceled(ctx: &Context) {
    let mut ticks = interval(LOOK);
    while !ctx.is_canceled() {
        ticks.tick().await;
    }
}
