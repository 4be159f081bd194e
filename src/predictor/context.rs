//! The surroundings of one prediction: logs, metrics, cancellation, the request's context, a scratch directory.

use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::Value;
use tempfile::TempDir;

use super::{Metric, MetricMode, Result, ServerLog, Sink, metric::Metrics};
use crate::input::Seed;

/// The prediction was canceled by the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("prediction was canceled")]
pub struct Canceled;

/// A path below which nothing can be made.
const NOWHERE: &str = "/dev/null/scratch";

/// What surrounds one prediction.
///
/// It is cheap to clone, and a clone can go anywhere: into the iterator of a [`Stream`](super::Stream), onto a thread, into a spawned task. All clones
/// are the same context.
///
/// A clone may outlive its prediction. From then on [`is_canceled`](Self::is_canceled) is true, so that work left behind stops; what it logs goes to
/// the server's log; metrics are dropped, with a line in the server's log; and the scratch directory is removed as soon as the output has been delivered.
///
/// # Examples
/// ```
/// use cog_kit::{ConcatenateStream, Context, Input, Predictor, Result};
///
/// #[derive(Input)]
/// struct Inputs {
///     /// Text to repeat.
///     prompt: String,
/// }
///
/// struct Model;
///
/// impl Predictor for Model {
///     type Input = Inputs;
///     type Output = ConcatenateStream;
///     const STREAMING: bool = true;
///
///     fn setup() -> Result<Self> {
///         Ok(Model)
///     }
///
///     fn predict(&self, input: Inputs, ctx: &Context) -> Result<ConcatenateStream> {
///         let ctx = ctx.clone();
///         Ok(ConcatenateStream::fallible((0..3).map(move |_| {
///             ctx.check_canceled()?;
///             ctx.metric("tokens").increment(1)?;
///             Ok(input.prompt.clone())
///         })))
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    id: String,
    values: HashMap<String, String>,
    state: RwLock<State>,
    metrics: Metrics,
    canceled: Arc<AtomicBool>,
    temporary: PathBuf,
    scratch: OnceLock<PathBuf>,
    /// Removes the scratch directory when it is dropped.
    scratch_guard: Mutex<Option<TempDir>>,
}

enum State {
    Running(Arc<dyn Sink>),
    /// The sink is let go: the server waits until nobody holds it.
    Ended(ServerLog),
}

impl Context {
    /// A context that logs to `sink` and is canceled through `canceled`.
    pub(crate) fn new(id: String, sink: Arc<dyn Sink>, canceled: Arc<AtomicBool>) -> Self {
        Self(Arc::new(Inner {
            id,
            values: HashMap::new(),
            state: RwLock::new(State::Running(sink)),
            metrics: Metrics::default(),
            canceled,
            temporary: std::env::temp_dir(),
            scratch: OnceLock::new(),
            scratch_guard: Mutex::default(),
        }))
    }

    /// With another folder for what is temporary than the system's own; to be called before the first clone is made.
    pub(crate) fn with_temporary(mut self, temporary: PathBuf) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.temporary = temporary;
        }
        self
    }

    /// With the request's `context`; to be called before the first clone is made.
    pub(crate) fn with_values(mut self, values: HashMap<String, String>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.values = values;
        }
        self
    }

    /// The prediction's id.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What the request's `context` says under a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.values.get(name).map(String::as_str)
    }

    /// The request's `context`, whole; empty if it has none.
    pub fn values(&self) -> &HashMap<String, String> {
        &self.0.values
    }

    /// Adds a line to the prediction's logs.
    pub fn log(&self, line: impl fmt::Display) {
        let line = format!("{line}\n");
        match &*self.0.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Running(sink) => sink.log(&line),
            State::Ended(log) => log(&line),
        }
    }

    /// A metric of this prediction, which the client finds under `metrics`; dots in a name nest.
    ///
    /// # Examples
    /// ```
    /// # fn predict(ctx: &cog_kit::Context) -> cog_kit::Result<()> {
    /// ctx.metric("timing.encode").set(0.25)?;
    /// ctx.metric("tokens").increment(1)?;
    /// ctx.metric("scores").append(0.9)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn metric<'a>(&'a self, name: &'a str) -> Metric<'a> {
        Metric { name, context: self }
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Tells a metric that has been checked.
    pub(super) fn send_metric(&self, name: &str, value: Value, mode: MetricMode) -> Result<()> {
        match &*self.0.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Running(sink) => sink.metric(name, value, mode),
            State::Ended(log) => {
                log(&format!("metric `{name}` was dropped: prediction {:?} has ended\n", self.0.id));
                Ok(())
            }
        }
    }

    /// The seed that was asked for, or a random one; which one it is goes into the logs.
    pub fn seed(&self, asked: Option<u32>) -> u32 {
        let seed = asked.unwrap_or_else(|| Seed::random().value());
        self.log(format_args!("Using seed: {seed}"));
        seed
    }

    /// Whether the client has canceled this prediction, or it has ended. Long work should ask now and then.
    pub fn is_canceled(&self) -> bool {
        self.0.canceled.load(Ordering::Relaxed) || matches!(*self.0.state.read().unwrap_or_else(PoisonError::into_inner), State::Ended(_))
    }

    /// Leaves a prediction that was canceled: `ctx.check_canceled()?`.
    ///
    /// # Errors
    /// [`Canceled`] if the client has canceled.
    pub fn check_canceled(&self) -> Result<(), Canceled> {
        if self.is_canceled() { Err(Canceled) } else { Ok(()) }
    }

    /// A directory of this prediction's own, empty at first, for files that it makes. It vanishes once its output has been delivered.
    ///
    /// It is made when it is first asked for. If it cannot be made, the logs say why, and writing to it fails.
    pub fn scratch(&self) -> &Path {
        self.0.scratch.get_or_init(|| match self.make_scratch() {
            Ok(folder) => {
                let path = folder.path().to_owned();
                *self.0.scratch_guard.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
                path
            }
            Err(error) => {
                self.log(format_args!("no scratch directory could be made: {error}"));
                PathBuf::from(NOWHERE)
            }
        })
    }

    fn make_scratch(&self) -> std::io::Result<TempDir> {
        if matches!(*self.0.state.read().unwrap_or_else(PoisonError::into_inner), State::Ended(_)) {
            return Err(std::io::Error::other("the prediction has ended"));
        }
        tempfile::Builder::new().prefix("cog-kit-").tempdir_in(&self.0.temporary)
    }

    /// Ends the prediction for every clone. Yields the scratch directory, to be kept for as long as the output may still be read from it.
    pub(crate) fn end(&self) -> Option<TempDir> {
        let mut state = self.0.state.write().unwrap_or_else(PoisonError::into_inner);
        if let State::Running(sink) = &*state {
            let log = sink.server_log();
            *state = State::Ended(log);
        }
        drop(state);
        self.0.scratch_guard.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("id", &self.0.id).field("canceled", &self.is_canceled()).finish_non_exhaustive()
    }
}
