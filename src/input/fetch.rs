//! Downloads, over http and https.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use reqwest::blocking;
use reqwest::redirect::Policy;

use super::Fault;

/// What a download may ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FetchLimits {
    /// Bytes after decompression.
    pub(super) bytes: u64,
    /// Time to connect, and between two pieces of data.
    pub(super) silence: Duration,
    /// Time for the whole download.
    pub(super) time: Duration,
    /// Redirects that are followed.
    pub(super) redirects: usize,
}

/// An HTTP client that keeps its connections.
#[derive(Debug)]
pub(super) struct Client(blocking::Client);

impl Client {
    /// A client; the text says why there can be none.
    pub(super) fn new(limits: FetchLimits) -> Result<Self, String> {
        // An error only says that another part of the program chose a provider before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut builder =
            blocking::Client::builder().connect_timeout(limits.silence).timeout(limits.silence).redirect(Policy::limited(limits.redirects));
        if let Some(agent) = std::env::var("COG_USER_AGENT").ok().filter(|agent| !agent.is_empty()) {
            builder = builder.user_agent(agent);
        }
        builder.build().map(Self).map_err(|error| reason(error, limits))
    }

    /// The content behind `url`, to be read.
    pub(super) fn open(&self, url: &str, limits: FetchLimits) -> Result<Body, Fault> {
        let started = Instant::now();
        let failed = |reason: String| Fault::Download { url: shown(url), reason };
        let answer = self.0.get(url).send().map_err(|error| failed(reason(error, limits)))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(failed(format!("the server answered {status}")));
        }
        if answer.content_length().is_some_and(|length| length > limits.bytes) {
            return Err(Fault::TooManyBytes { limit: limits.bytes });
        }
        Ok(Body { url: shown(url), answer, limits, started, total: 0 })
    }
}

/// The content of a download, held to its limits.
#[derive(Debug)]
pub(super) struct Body {
    url: String,
    answer: blocking::Response,
    limits: FetchLimits,
    started: Instant,
    total: u64,
}

impl Body {
    /// Writes everything into `target`.
    pub(super) fn copy_to(&mut self, target: &mut dyn Write) -> Result<(), Fault> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = self.piece(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            let piece = buffer.get(..count).unwrap_or_default();
            target.write_all(piece).map_err(|error| self.failed(format!("it could not be stored: {error}")))?;
        }
    }

    fn piece(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let count = self.answer.read(buffer).map_err(|error| self.failed(read_reason(&error, self.limits)))?;
        self.total += count as u64;
        if self.total > self.limits.bytes {
            return Err(Fault::TooManyBytes { limit: self.limits.bytes });
        }
        if self.started.elapsed() > self.limits.time {
            return Err(self.failed(format!("it took longer than {} s", self.limits.time.as_secs())));
        }
        Ok(count)
    }

    fn failed(&self, reason: String) -> Fault {
        Fault::Download { url: self.url.clone(), reason }
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.piece(buffer).map_err(io::Error::other)
    }
}

/// A URL as a message shows it: without the query, which may hold a signature.
fn shown(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().chars().take(200).collect()
}

fn reason(error: reqwest::Error, limits: FetchLimits) -> String {
    if error.is_timeout() {
        return silence(limits);
    }
    if error.is_redirect() {
        return format!("it was redirected more than {} times", limits.redirects);
    }
    let error = error.without_url();
    innermost(&error)
}

fn read_reason(error: &std::io::Error, limits: FetchLimits) -> String {
    if error.kind() == std::io::ErrorKind::TimedOut { silence(limits) } else { innermost(error) }
}

fn silence(limits: FetchLimits) -> String {
    format!("the server said nothing for {} s", limits.silence.as_secs())
}

/// The last error in the chain: the one that says what really happened.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
