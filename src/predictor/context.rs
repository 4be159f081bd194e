//! The surroundings of one prediction: its logs, its cancellation, its scratch directory.

use std::{
    fmt, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::Sink;

/// The prediction was canceled by the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("prediction was canceled")]
pub struct Canceled;

/// What surrounds one prediction.
pub struct Context {
    id: String,
    sink: Arc<dyn Sink>,
    canceled: Arc<AtomicBool>,
    scratch: tempfile::TempDir,
}

impl Context {
    /// A context that logs to `sink` and is canceled through `canceled`.
    ///
    /// # Errors
    /// The scratch directory could not be made.
    pub(crate) fn new(id: String, sink: Arc<dyn Sink>, canceled: Arc<AtomicBool>) -> io::Result<Self> {
        let scratch = tempfile::Builder::new().prefix("cog-kit-").tempdir()?;
        Ok(Self { id, sink, canceled, scratch })
    }

    /// The prediction's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Adds a line to the prediction's logs.
    pub fn log(&self, line: impl fmt::Display) {
        self.sink.log(&format!("{line}\n"));
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
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// The scratch directory, to be kept for as long as the output may still be read from it.
    pub(crate) fn into_scratch(self) -> tempfile::TempDir {
        self.scratch
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("id", &self.id).field("canceled", &self.is_canceled()).finish_non_exhaustive()
    }
}
