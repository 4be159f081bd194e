//! What an author implements, and what a prediction is handed.
//!
//! [`Predictor`] is the trait ([`AsyncPredictor`] if predictions wait rather than work, [`Trainer`] for a training), [`Context`] the prediction's surroundings, [`Output`] what may be
//! returned (`output` for values and lists, `object` for structs and maps, `stream` for what comes piece by piece), [`Error`] why it may fail.

mod asynchronous;
mod context;
mod error;
mod metric;
mod object;
mod output;
mod stream;
mod trainer;

pub use asynchronous::AsyncPredictor;
pub use cog_kit_macros::Output;
pub use context::{Canceled, Context};
pub use error::{Error, Result, bail, ensure};
pub use metric::{Metric, MetricError, MetricMode};
pub use object::Described;
#[doc(hidden)]
pub use object::{record, record_field};
pub(crate) use output::check_output_file;
pub use output::{Item, Output, ServerLog, Sink};
pub use stream::{ConcatenateStream, Stream};
pub use trainer::Trainer;

use crate::input::Input;

/// A model: set up once, then asked many times.
///
/// `setup` runs once in the worker process before the server says READY; `predict` runs once a request, on a thread of its own. In an author's own tests,
/// [`TestContext`](crate::testing::TestContext) makes the context that `predict` is called with.
///
/// # Examples
/// ```
/// use cog_kit::{Context, Input, Predictor, Result};
///
/// #[derive(Input)]
/// struct Inputs {
///     /// Whom to greet.
///     #[input(default = "world")]
///     name: String,
/// }
///
/// struct Hello;
///
/// impl Predictor for Hello {
///     type Input = Inputs;
///     type Output = String;
///
///     fn setup() -> Result<Self> {
///         Ok(Hello)
///     }
///
///     fn predict(&self, input: Inputs, _: &Context) -> Result<String> {
///         Ok(format!("hello {}", input.name))
///     }
/// }
/// ```
#[doc(alias = "Runner")]
pub trait Predictor: Sized + Send + Sync + 'static {
    /// What a request holds; a struct with `#[derive(Input)]`.
    type Input: Input;

    /// What a prediction gives back.
    type Output: Output;

    /// Whether clients may ask for server-sent events; only for an output that is a [`Stream`] or a [`ConcatenateStream`].
    #[doc(alias = "streaming")]
    const STREAMING: bool = false;

    /// Loads weights and whatever else every prediction needs.
    ///
    /// # Errors
    /// Any error ends the setup: the server says SETUP_FAILED and shows the message in `setup.logs`.
    fn setup() -> Result<Self>;

    /// Answers one request.
    ///
    /// # Errors
    /// Any error fails this prediction, with the message and its causes as the client's `error`; the server stays ready. So does a panic.
    /// [`Canceled`] marks the prediction as canceled.
    #[doc(alias = "run")]
    fn predict(&self, input: Self::Input, ctx: &Context) -> Result<Self::Output>;

    /// Whether predictions can be answered now; asked with every `GET /health-check` once the server is ready, and given 5 seconds.
    ///
    /// # Errors
    /// An error says UNHEALTHY, as `false` does, with the message as `user_healthcheck_error`.
    fn healthcheck(&self) -> Result<bool> {
        Ok(true)
    }
}
