//! A prediction's output and logs, on their way to the engine.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use coglet::{
    SlotSender,
    bridge::protocol::{LogSource, MetricMode as EngineMode},
};
use serde_json::Value;

use super::{
    capture::Capture,
    text::{self, DEPTH_LIMIT, LOG_LIMIT},
    upload::UploadQueue,
};
use crate::{
    input::Path,
    predictor::{Canceled, MetricMode, Result, ServerLog, Sink, check_output_file, ensure},
};

/// Sends to the engine's slot, and keeps the files that the engine has yet to read.
pub(super) struct SlotSink {
    sender: Arc<SlotSender>,
    canceled: Arc<AtomicBool>,
    printed: Option<Arc<Capture>>,
    files: Mutex<Vec<Path>>,
    /// Where files are uploaded, what waits for that.
    uploads: Option<Mutex<UploadQueue>>,
}

impl SlotSink {
    /// `printed` is where what the prediction prints comes from, if it can be told from what others print.
    pub(super) fn new(sender: Arc<SlotSender>, canceled: Arc<AtomicBool>, printed: Option<Arc<Capture>>) -> Self {
        Self { sender, canceled, printed, files: Mutex::default(), uploads: None }
    }

    /// With files uploaded rather than handed to the engine.
    pub(super) fn with_uploads(self, uploads: Option<UploadQueue>) -> Self {
        Self { uploads: uploads.map(Mutex::new), ..self }
    }

    /// Sends what waits for uploads.
    pub(super) fn finish(&self) -> Result<()> {
        match &self.uploads {
            Some(uploads) => self.send(lock(uploads).finish()?),
            None => Ok(()),
        }
    }

    fn send(&self, outputs: Vec<Value>) -> Result<()> {
        Ok(outputs.into_iter().try_for_each(|output| self.sender.send_output(output))?)
    }

    /// Adds text to the logs, behind what has been printed before.
    pub(super) fn say(&self, source: LogSource, text: &str) {
        self.catch_up();
        self.write(source, text);
    }

    fn catch_up(&self) {
        if let Some(printed) = &self.printed {
            printed.catch_up();
        }
    }

    /// Adds text to the logs. A line that finds nobody listening is no reason to fail a prediction.
    pub(super) fn write(&self, source: LogSource, text: &str) {
        let _ = self.sender.send_log(source, &text::cut(text.to_owned(), LOG_LIMIT));
    }

    /// Whether output is still wanted; logs go before it.
    fn go_on(&self) -> Result<(), Canceled> {
        self.catch_up();
        if self.canceled.load(Ordering::Relaxed) { Err(Canceled) } else { Ok(()) }
    }

    /// The files handed over so far.
    pub(super) fn take_files(&self) -> Vec<Path> {
        std::mem::take(&mut *lock(&self.files))
    }
}

impl Sink for SlotSink {
    fn log(&self, text: &str) {
        self.say(LogSource::Stdout, text);
    }

    fn server_log(&self) -> ServerLog {
        match self.printed.clone() {
            Some(printed) => Arc::new(move |text| printed.write_elsewhere(text)),
            None => Arc::new(|text| eprint!("{text}")),
        }
    }

    fn metric(&self, name: &str, value: Value, mode: MetricMode) -> Result<()> {
        let mode = match mode {
            MetricMode::Replace => EngineMode::Replace,
            MetricMode::Increment => EngineMode::Increment,
            MetricMode::Append => EngineMode::Append,
        };
        Ok(self.sender.send_metric(name.to_owned(), value, mode)?)
    }

    fn value(&self, value: Value) -> Result<()> {
        self.go_on()?;
        ensure!(!text::is_too_deep(&value), "output: found more than {DEPTH_LIMIT} levels of lists and objects");
        match &self.uploads {
            Some(uploads) => {
                let mut uploads = lock(uploads);
                self.send(uploads.value(value)?)
            }
            None => Ok(self.sender.send_output(value)?),
        }
    }

    fn file(&self, path: Path) -> Result<()> {
        self.go_on()?;
        // The engine passes over a file that it cannot read, and the client would get null.
        check_output_file(&path)?;
        match &self.uploads {
            Some(uploads) => {
                let mut uploads = lock(uploads);
                self.send(uploads.file(&path)?)?;
            }
            None => self.sender.send_file_output(path.to_path_buf(), None)?,
        }
        lock(&self.files).push(path);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
