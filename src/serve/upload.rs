//! Output files on their way to where `--upload-url` says.
//!
//! The engine uploads too, but lists files in the order in which their uploads end.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel},
    },
    time::Duration,
};

use reqwest::{Client, Url, header};
use serde_json::Value;
use tokio::{runtime::Handle, task::AbortHandle};

use crate::{
    input::{Path, media_type_of},
    predictor::{Canceled, Result, bail},
};

/// Longest time for one upload.
const TIME_LIMIT: Duration = Duration::from_secs(25);

/// Uploads of one prediction at the same time.
const AT_ONCE: usize = 8;

/// How often a prediction that waits for an upload looks whether it was canceled.
const LOOK: Duration = Duration::from_millis(10);

/// Where files are uploaded to.
#[derive(Debug, Clone)]
pub(super) struct UploadTarget {
    client: Client,
    /// Ends in `/`.
    prefix: String,
    runtime: Handle,
}

impl UploadTarget {
    /// A target for uploads that run on the runtime of the caller.
    pub(super) fn new(url: &str) -> Self {
        let prefix = if url.ends_with('/') { url.to_owned() } else { format!("{url}/") };
        Self { client: Client::new(), prefix, runtime: Handle::current() }
    }

    /// Begins to upload a file; its address or what went wrong comes later.
    fn begin(&self, path: &Path, id: &str) -> Upload {
        let (sender, answer) = sync_channel(1);
        let upload = put(self.client.clone(), self.prefix.clone(), path.to_path_buf(), id.to_owned());
        let task = self.runtime.spawn(async move {
            // Nobody waits any more if this fails.
            let _ = sender.send(upload.await);
        });
        Upload { answer, task: task.abort_handle() }
    }
}

/// Uploads a file as Cog does: `PUT` to the prefix and the file's name, and the answer says where the file is now.
async fn put(client: Client, prefix: String, path: PathBuf, id: String) -> Result<String, String> {
    let content = tokio::fs::read(&path).await.map_err(|error| format!("{}: {error}", path.display()))?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("output");
    let mut request =
        client.put(format!("{prefix}{name}")).header(header::CONTENT_TYPE, media_type_of(&path)).body(content).timeout(TIME_LIMIT);
    // An id may be one that no header can hold.
    if let Ok(id) = header::HeaderValue::from_bytes(id.as_bytes()) {
        request = request.header("X-Prediction-Id", id);
    }
    let answer = request.send().await.map_err(|error| match error.is_timeout() {
        true => "upload request timed out".to_owned(),
        // The address may hold a signature.
        false => format!("upload request failed: {}", error.without_url()),
    })?;
    if !answer.status().is_success() {
        return Err(format!("upload returned status {}", answer.status()));
    }
    let location = answer.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
    let address = location.map_or_else(|| answer.url().to_string(), str::to_owned);
    // The query holds the signature.
    Ok(Url::parse(&address).map_or(address, |mut url| {
        url.set_query(None);
        url.to_string()
    }))
}

/// The outputs of one prediction that wait for uploads before them, in order.
pub(super) struct UploadQueue {
    target: UploadTarget,
    id: String,
    canceled: Arc<AtomicBool>,
    outputs: VecDeque<Output>,
}

enum Output {
    Value(Value),
    Upload(Upload),
}

/// An upload; it ends when this is dropped.
struct Upload {
    answer: Receiver<Result<String, String>>,
    task: AbortHandle,
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl UploadQueue {
    pub(super) fn new(target: UploadTarget, id: String, canceled: Arc<AtomicBool>) -> Self {
        Self { target, id, canceled, outputs: VecDeque::new() }
    }

    /// Takes a value; yields what can be sent now.
    pub(super) fn value(&mut self, value: Value) -> Result<Vec<Value>> {
        self.outputs.push_back(Output::Value(value));
        self.ready(usize::MAX)
    }

    /// Takes a file; yields what can be sent now.
    pub(super) fn file(&mut self, path: &Path) -> Result<Vec<Value>> {
        self.outputs.push_back(Output::Upload(self.target.begin(path, &self.id)));
        self.ready(AT_ONCE)
    }

    /// Waits for everything.
    pub(super) fn finish(&mut self) -> Result<Vec<Value>> {
        self.ready(0)
    }

    /// What can be sent now; waits for as long as more than `most` outputs are left.
    fn ready(&mut self, most: usize) -> Result<Vec<Value>> {
        let mut ready = Vec::new();
        while let Some(first) = self.outputs.pop_front() {
            match first {
                Output::Value(value) => ready.push(value),
                Output::Upload(upload) => match self.answer(&upload, self.outputs.len() >= most)? {
                    Some(address) => ready.push(Value::String(address)),
                    None => {
                        self.outputs.push_front(Output::Upload(upload));
                        break;
                    }
                },
            }
        }
        Ok(ready)
    }

    fn answer(&self, upload: &Upload, wait: bool) -> Result<Option<String>> {
        loop {
            let answer = if wait { upload.answer.recv_timeout(LOOK) } else { upload.answer.try_recv().map_err(no_wait) };
            match answer {
                Ok(Ok(address)) => return Ok(Some(address)),
                Ok(Err(error)) => bail!("Failed to upload output: {error}"),
                Err(RecvTimeoutError::Disconnected) => bail!("Failed to upload output: the upload was dropped"),
                Err(RecvTimeoutError::Timeout) if !wait => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {
                    if self.canceled.load(Ordering::Relaxed) {
                        return Err(Canceled.into());
                    }
                }
            }
        }
    }
}

fn no_wait(error: TryRecvError) -> RecvTimeoutError {
    match error {
        TryRecvError::Empty => RecvTimeoutError::Timeout,
        TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
    }
}
