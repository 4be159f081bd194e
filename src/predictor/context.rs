//! The surroundings of one prediction: logs, metrics, cancellation, the request's context, a scratch directory.

use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{Metric, Sink, metric::Metrics};
use crate::input::Seed;

/// The prediction was canceled by the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("prediction was canceled")]
pub struct Canceled;

/// A path below which nothing can be made.
const NOWHERE: &str = "/dev/null/scratch";

/// What surrounds one prediction.
pub struct Context {
    id: String,
    values: HashMap<String, String>,
    sink: Arc<dyn Sink>,
    metrics: Metrics,
    canceled: Arc<AtomicBool>,
    temporary: PathBuf,
    scratch: OnceLock<Option<tempfile::TempDir>>,
}

impl Context {
    /// A context that logs to `sink` and is canceled through `canceled`.
    pub(crate) fn new(id: String, sink: Arc<dyn Sink>, canceled: Arc<AtomicBool>) -> Self {
        let temporary = std::env::temp_dir();
        Self { id, values: HashMap::new(), sink, metrics: Metrics::default(), canceled, temporary, scratch: OnceLock::new() }
    }

    /// With another folder for what is temporary than the system's own.
    pub(crate) fn with_temporary(self, temporary: PathBuf) -> Self {
        Self { temporary, ..self }
    }

    /// With the request's `context`.
    pub(crate) fn with_values(self, values: HashMap<String, String>) -> Self {
        Self { values, ..self }
    }

    /// The prediction's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the request's `context` says under a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The request's `context`, whole; empty if it has none.
    pub const fn values(&self) -> &HashMap<String, String> {
        &self.values
    }

    /// Adds a line to the prediction's logs.
    pub fn log(&self, line: impl fmt::Display) {
        self.sink.log(&format!("{line}\n"));
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
        Metric { name, metrics: &self.metrics, sink: &*self.sink }
    }

    /// The seed that was asked for, or a random one; which one it is goes into the logs.
    pub fn seed(&self, asked: Option<u32>) -> u32 {
        let seed = asked.unwrap_or_else(|| Seed::random().value());
        self.log(format_args!("Using seed: {seed}"));
        seed
    }

    /// Whether the client has canceled this prediction. Long work should ask now and then.
    pub fn is_canceled(&self) -> bool {
        self.canceled.load(Ordering::Relaxed)
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
        let made = self.scratch.get_or_init(|| {
            let made = tempfile::Builder::new().prefix("cog-kit-").tempdir_in(&self.temporary);
            made.inspect_err(|error| self.log(format_args!("no scratch directory could be made: {error}"))).ok()
        });
        made.as_ref().map_or(Path::new(NOWHERE), tempfile::TempDir::path)
    }

    /// The scratch directory, to be kept for as long as the output may still be read from it.
    pub(crate) fn into_scratch(self) -> Option<tempfile::TempDir> {
        self.scratch.into_inner().flatten()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("id", &self.id).field("canceled", &self.is_canceled()).finish_non_exhaustive()
    }
}
