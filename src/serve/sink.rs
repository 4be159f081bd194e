//! A prediction's output and logs, on their way to the engine.

use std::sync::{Arc, Mutex, PoisonError};

use coglet::{SlotSender, bridge::protocol::LogSource};
use serde_json::Value;

use crate::{
    input::Path,
    predictor::{Result, Sink, ensure},
};

/// Sends to the engine's slot, and keeps the files that the engine has yet to read.
pub(super) struct SlotSink {
    sender: Arc<SlotSender>,
    files: Mutex<Vec<Path>>,
}

impl SlotSink {
    pub(super) fn new(sender: Arc<SlotSender>) -> Self {
        Self { sender, files: Mutex::default() }
    }

    /// The files handed over so far.
    pub(super) fn take_files(&self) -> Vec<Path> {
        std::mem::take(&mut *self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sink for SlotSink {
    fn log(&self, text: &str) {
        // A log line that finds nobody listening is no reason to fail a prediction.
        let _ = self.sender.send_log(LogSource::Stdout, text);
    }

    fn value(&self, value: Value) -> Result<()> {
        Ok(self.sender.send_output(value)?)
    }

    fn file(&self, path: Path) -> Result<()> {
        // The engine passes over a file that it cannot read, and the client would get null.
        ensure!(path.is_file(), "output file `{}` does not exist", path.display());
        self.sender.send_file_output(path.to_path_buf(), None)?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        Ok(())
    }
}
