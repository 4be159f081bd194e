//! Downloads, over http and https.

use std::io::{Read, Write};
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

    /// Downloads `url` into `target`.
    pub(super) fn get(&self, url: &str, limits: FetchLimits, target: &mut dyn Write) -> Result<(), Fault> {
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
        let mut body = answer.take(limits.bytes.saturating_add(1));
        let (mut buffer, mut total) = (vec![0; 64 * 1024], 0);
        loop {
            let count = body.read(&mut buffer).map_err(|error| failed(read_reason(&error, limits)))?;
            if count == 0 {
                return Ok(());
            }
            total += count as u64;
            if total > limits.bytes {
                return Err(Fault::TooManyBytes { limit: limits.bytes });
            }
            if started.elapsed() > limits.time {
                return Err(failed(format!("it took longer than {} s", limits.time.as_secs())));
            }
            let piece = buffer.get(..count).unwrap_or_default();
            target.write_all(piece).map_err(|error| failed(format!("it could not be stored: {error}")))?;
        }
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
