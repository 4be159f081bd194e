//! Downloads, over http and https.
//!
//! `redact` makes URLs fit to be shown, `hosts` tells which hosts may be asked, and `wait` runs what is asynchronous for the thread that asks.

mod hosts;
mod redact;
mod wait;

use std::error::Error;
use std::io::{self, Cursor, Read, Write};
use std::iter::successors;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode, Url};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::Fault;
use super::file_name::Described;
use super::limits::{ByteLimit, raised_by};
pub(super) use hosts::Judge;
use hosts::{JudgedResolver, Refusal, literal_refusal};
pub(super) use redact::{shown_url, without_user_info};
use wait::wait_for;

/// What a download may ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FetchLimits {
    /// Bytes after decompression.
    pub(super) bytes: ByteLimit,
    /// Time to connect, to wait for an answer, and between two pieces of data.
    pub(super) idle: Duration,
    /// Time for the whole download.
    pub(super) time: Duration,
    /// Redirects that are followed.
    pub(super) redirects: u64,
}

/// What the files of one request share: the bytes that they may have together, and the word that nobody wants them any more.
#[derive(Clone)]
pub(super) struct Shared {
    budget: Arc<Budget>,
    canceled: Arc<dyn Fn() -> bool + Send + Sync>,
}

struct Budget {
    limit: u64,
    used: AtomicU64,
}

impl Shared {
    pub(super) fn new(limit: u64, canceled: Arc<dyn Fn() -> bool + Send + Sync>) -> Self {
        Self { budget: Arc::new(Budget { limit, used: AtomicU64::new(0) }), canceled }
    }

    /// Takes bytes from what all files of the request may have.
    pub(super) fn charge(&self, bytes: u64) -> Result<(), Fault> {
        let used = self.budget.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        self.check_total(used)
    }

    /// Refuses bytes that would be too many, without taking them.
    fn check_announced(&self, bytes: u64) -> Result<(), Fault> {
        self.check_total(self.budget.used.load(Ordering::Relaxed).saturating_add(bytes))
    }

    fn check_total(&self, used: u64) -> Result<(), Fault> {
        let limit = self.budget.limit;
        if used > limit { Err(Fault::TooManyBytesTogether { limit }) } else { Ok(()) }
    }

    fn is_canceled(&self) -> bool {
        (self.canceled)()
    }
}

/// An HTTP client that keeps its connections.
#[derive(Debug)]
pub(super) struct Client {
    inner: reqwest::Client,
    runtime: &'static Handle,
    judge: Option<Judge>,
}

impl Client {
    /// A client that asks only hosts that pass the judge, if there is one; the text says why there can be none.
    pub(super) fn new(idle: Duration, user_agent: Option<&str>, judge: Option<Judge>) -> Result<Self, String> {
        // An error only says that another part of the program chose a provider before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let runtime = wait::runtime()?;
        let _entered = runtime.enter();
        // Redirects are followed here, so that each is held to the same rules as the first URL.
        let mut builder = reqwest::Client::builder().connect_timeout(idle).redirect(Policy::none());
        if let Some(judge) = judge {
            // A proxy would resolve names itself, and nobody could judge what it finds.
            builder = builder.no_proxy().dns_resolver(Arc::new(JudgedResolver(judge)));
        }
        if let Some(agent) = user_agent {
            builder = builder.user_agent(agent);
        }
        builder.build().map(|inner| Self { inner, runtime, judge }).map_err(|error| innermost(&error.without_url()))
    }

    /// The content behind `url`, to be read. Its time runs from `started`.
    pub(super) fn open(&self, url: &str, limits: FetchLimits, started: Instant, shared: &Shared) -> Result<Body, Fault> {
        let download = Download { url: shown_url(url), limits, started, shared: shared.clone(), runtime: self.runtime };
        let target = Url::parse(url).map_err(|error| download.failed(error.to_string()))?;
        let answer = self.follow(target, &download)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(download.failed(format!("the server answered {status}")));
        }
        if let Some(length) = answer.content_length() {
            if length > limits.bytes.bytes {
                return Err(limits.bytes.exceeded());
            }
            download.shared.check_announced(length)?;
        }
        Ok(Body { download, answer, piece: Cursor::default(), total: 0 })
    }

    /// The first answer that is no redirect.
    fn follow(&self, mut target: Url, download: &Download) -> Result<Response, Fault> {
        for _ in 0..=download.limits.redirects {
            if let Some(refusal) = self.judge.and_then(|judge| literal_refusal(&target, judge)) {
                return Err(download.refused(&refusal));
            }
            let answer = self.ask(target.clone(), download)?;
            match redirect(&target, &answer) {
                None => return Ok(answer),
                Some(Ok(next)) => target = next,
                Some(Err(reason)) => return Err(download.failed(reason)),
            }
        }
        let redirects = download.limits.redirects;
        Err(download.failed(format!("it was redirected more than {redirects} times; {}", raised_by("max-redirects"))))
    }

    fn ask(&self, target: Url, download: &Download) -> Result<Response, Fault> {
        let answer = download.wait(async || self.inner.get(target).send().await)?;
        answer.map_err(|error| match Refusal::behind(&error) {
            Some(refusal) => download.refused(refusal),
            None => download.failed(download.reason(error)),
        })
    }
}

/// Where an answer says that the file is instead, or why nobody can go there.
fn redirect(from: &Url, answer: &Response) -> Option<Result<Url, String>> {
    let is_redirect = matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = answer.headers().get(LOCATION).filter(|_| is_redirect)?;
    Some(match from.join(&String::from_utf8_lossy(location.as_bytes())) {
        Ok(next) if matches!(next.scheme(), "http" | "https") => Ok(next),
        Ok(next) => Err(format!("it was redirected to a `{}:` URL, expected http or https", next.scheme())),
        Err(error) => Err(format!("it was redirected to a URL that cannot be read: {error}")),
    })
}

/// One download: what it is called in messages, and what it is held to.
struct Download {
    url: String,
    limits: FetchLimits,
    started: Instant,
    shared: Shared,
    runtime: &'static Handle,
}

impl Download {
    /// What the work yields, if it does so in time and is not canceled.
    fn wait<T>(&self, work: impl AsyncFnOnce() -> T) -> Result<T, Fault> {
        let left = self.limits.time.saturating_sub(self.started.elapsed());
        let patience = self.limits.idle.min(left);
        let waited = wait_for(async { timeout(patience, work()).await }, self.runtime, &|| self.shared.is_canceled());
        match waited {
            Some(Ok(result)) => Ok(result),
            Some(Err(_)) if left <= self.limits.idle => Err(self.failed(self.too_slow())),
            Some(Err(_)) => Err(self.failed(self.silence())),
            None => Err(Fault::Canceled),
        }
    }

    fn failed(&self, reason: String) -> Fault {
        Fault::Download { url: self.url.clone(), reason }
    }

    fn refused(&self, refusal: &Refusal) -> Fault {
        Fault::NotPublic { url: self.url.clone(), host: refusal.host.clone(), address: refusal.address, kind: refusal.kind }
    }

    fn reason(&self, error: reqwest::Error) -> String {
        if error.is_timeout() { self.silence() } else { innermost(&error.without_url()) }
    }

    fn silence(&self) -> String {
        format!("the server said nothing for {}; {}", shown_time(self.limits.idle), raised_by("max-idle-time"))
    }

    fn too_slow(&self) -> String {
        format!("it took longer than {}; {}", shown_time(self.limits.time), raised_by("max-download-time"))
    }
}

/// The content of a download, held to its limits.
pub(super) struct Body {
    download: Download,
    answer: Response,
    /// What has arrived and was not read yet.
    piece: Cursor<Vec<u8>>,
    total: u64,
}

impl Body {
    /// What the server says of the file.
    pub(super) fn described(&self) -> Described {
        let header = |name: HeaderName| self.answer.headers().get(name).map(|value| value.as_bytes().to_vec());
        Described {
            path: self.answer.url().path().to_owned(),
            disposition: header(CONTENT_DISPOSITION),
            content_type: header(CONTENT_TYPE).and_then(|value| String::from_utf8(value).ok()),
        }
    }

    /// Writes everything into `target`.
    pub(super) fn copy_to(&mut self, target: &mut dyn Write) -> Result<(), Fault> {
        while let Some(piece) = self.next_piece()? {
            target.write_all(&piece).map_err(|error| self.download.failed(format!("it could not be stored: {error}")))?;
        }
        Ok(())
    }

    fn next_piece(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let answer = &mut self.answer;
        let arrived = self.download.wait(async || answer.chunk().await)?;
        let Some(piece) = arrived.map_err(|error| self.download.failed(self.download.reason(error)))? else { return Ok(None) };
        let limit = self.download.limits.bytes;
        self.total = self.total.saturating_add(piece.len() as u64);
        if self.total > limit.bytes {
            return Err(limit.exceeded());
        }
        self.download.shared.charge(piece.len() as u64)?;
        Ok(Some(Vec::from(piece)))
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.piece.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.next_piece().map_err(io::Error::other)? {
                Some(piece) => self.piece = Cursor::new(piece),
                None => return Ok(0),
            }
        }
    }
}

fn shown_time(time: Duration) -> String {
    if time.as_secs() == 0 { format!("{} ms", time.as_millis()) } else { format!("{} s", time.as_secs()) }
}

/// The last error in the chain: the one that says what really happened.
fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}

/// An error and what it stems from, one after the other.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::{IpAddr, TcpListener};
    use std::thread;

    use super::*;

    const LIMITS: FetchLimits = FetchLimits {
        bytes: ByteLimit { bytes: 100, flag: "max-file-bytes" },
        idle: Duration::from_secs(5),
        time: Duration::from_secs(5),
        redirects: 2,
    };

    /// Takes one loopback address for the public internet.
    fn judge(address: IpAddr) -> Option<&'static str> {
        (address != IpAddr::from([127, 0, 0, 3])).then_some("inner")
    }

    /// A server at 127.0.0.3 that redirects to whatever stands behind `?`, or says hello.
    fn server() -> String {
        let listener = TcpListener::bind("127.0.0.3:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let target = first.split(' ').nth(1).and_then(|path| path.split_once('?')).map(|(_, target)| target);
                let answer = match target {
                    Some(target) => format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
                    None => "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello".to_owned(),
                };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        format!("http://{address}")
    }

    fn download(url: &str, judge: Option<Judge>) -> Result<String, Fault> {
        let mut content = Vec::new();
        let shared = Shared::new(100, Arc::new(|| false));
        Client::new(LIMITS.idle, None, judge).unwrap().open(url, LIMITS, Instant::now(), &shared)?.copy_to(&mut content)?;
        Ok(String::from_utf8(content).unwrap())
    }

    #[test]
    fn redirects_are_followed_only_to_hosts_that_pass() {
        let server = server();
        let port = server.rsplit_once(':').unwrap().1;
        for url in [server.clone(), format!("{server}/?/next"), format!("{server}/?{server}/?{server}/a")] {
            assert_eq!(download(&url, Some(judge)).unwrap(), "hello", "{url}");
        }
        let cases = [
            (format!("{server}/?http://127.0.0.1:{port}/a"), "127.0.0.1"),
            (format!("{server}/?//127.1:{port}/a"), "127.0.0.1"),
            (format!("{server}/?{server}/?http://[::1]:{port}/a"), "[::1]"),
            (format!("{server}/?http://localhost:{port}/a"), "localhost"),
        ];
        for (url, host) in cases {
            let fault = download(&url, Some(judge)).unwrap_err();
            let Fault::NotPublic { url: shown, host: found, kind, .. } = &fault else { panic!("{url}: {fault}") };
            assert_eq!((shown.as_str(), found.as_str(), *kind), (format!("{server}/").as_str(), host, "inner"), "{url}");
        }
    }

    #[test]
    fn redirects_are_counted_with_a_judge_too() {
        let server = server();
        let url = format!("{server}/?{server}/?{server}/?{server}/a");
        for judge in [None, Some(judge as Judge)] {
            let fault = download(&url, judge).unwrap_err().to_string();
            assert!(fault.contains("it was redirected more than 2 times; `--max-redirects`"), "{fault}");
        }
    }
}
