//! A prediction's output and logs, on their way to the engine.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use coglet::{
    SlotSender,
    bridge::protocol::{LogSource, MetricMode as EngineMode},
};
use serde_json::Value;

use super::{
    capture::Capture,
    text::{self, DEPTH_LIMIT, LOG_LIMIT, METRIC_LIMIT},
};
use crate::{
    input::Path,
    predictor::{Canceled, MetricMode, Result, ServerLog, Sink, check_output_file},
};

/// Sends to the engine's slot, and keeps the files that the engine has yet to read.
pub(super) struct SlotSink {
    sender: Arc<SlotSender>,
    canceled: Arc<AtomicBool>,
    printed: Option<Arc<Capture>>,
    files: Mutex<Vec<Path>>,
}

impl SlotSink {
    /// `printed` is where what the prediction prints comes from, if it can be told from what others print.
    pub(super) fn new(sender: Arc<SlotSender>, canceled: Arc<AtomicBool>, printed: Option<Arc<Capture>>) -> Self {
        Self { sender, canceled, printed, files: Mutex::default() }
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
        std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner))
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
        let length = text::json_length(&value);
        ensure!(length <= METRIC_LIMIT, "metric `{name}`: found {length} bytes of JSON, expected at most {METRIC_LIMIT}");
        ensure!(!text::is_too_deep(&value), "metric `{name}`: found more than {DEPTH_LIMIT} levels of lists and objects");
        Ok(self.sender.send_metric(name.to_owned(), value, mode)?)
    }

    fn value(&self, value: Value) -> Result<()> {
        self.go_on()?;
        ensure!(!text::is_too_deep(&value), "output: found more than {DEPTH_LIMIT} levels of lists and objects");
        Ok(self.sender.send_output(value)?)
    }

    fn file(&self, path: Path) -> Result<()> {
        self.go_on()?;
        // The engine passes over a file that it cannot read, and the client would get null.
        check_output_file(&path)?;
        self.sender.send_file_output(path.to_path_buf(), None)?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        Ok(())
    }
}
