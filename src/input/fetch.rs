//! Downloads, over http and https.

use std::error::Error;
use std::io::{self, Read, Write};
use std::iter::successors;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Url, blocking};
use tokio::task::spawn_blocking;

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

/// Says what an address is, if nothing may be downloaded from it.
pub(super) type Judge = fn(IpAddr) -> Option<&'static str>;

/// An HTTP client that keeps its connections.
#[derive(Debug)]
pub(super) struct Client {
    inner: blocking::Client,
    judge: Option<Judge>,
}

impl Client {
    /// A client that asks only hosts that pass the judge, if there is one; the text says why there can be none.
    pub(super) fn new(limits: FetchLimits, user_agent: Option<&str>, judge: Option<Judge>) -> Result<Self, String> {
        // An error only says that another part of the program chose a provider before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let redirects = Policy::limited(limits.redirects);
        let mut builder = blocking::Client::builder().connect_timeout(limits.silence).timeout(limits.silence);
        builder = match judge {
            None => builder.redirect(redirects),
            // A proxy would resolve names itself, and nobody could judge what it finds.
            Some(judge) => builder.no_proxy().dns_resolver(Arc::new(JudgedResolver(judge))).redirect(Policy::custom(move |attempt| {
                match literal_refusal(attempt.url(), judge) {
                    Some(refusal) => attempt.error(refusal),
                    None => redirects.redirect(attempt),
                }
            })),
        };
        if let Some(agent) = user_agent {
            builder = builder.user_agent(agent);
        }
        builder.build().map(|inner| Self { inner, judge }).map_err(|error| reason(error, limits))
    }

    /// The content behind `url`, to be read.
    pub(super) fn open(&self, url: &str, limits: FetchLimits) -> Result<Body, Fault> {
        let started = Instant::now();
        let failed = |reason: String| Fault::Download { url: shown(url), reason };
        let refused = |Refusal { host, address, kind }| Fault::NotPublic { url: shown(url), host, address, kind };
        let target = Url::parse(url).map_err(|error| failed(error.to_string()))?;
        if let Some(refusal) = self.judge.and_then(|judge| literal_refusal(&target, judge)) {
            return Err(refused(refusal));
        }
        let answer = self.inner.get(target).send().map_err(|error| match Refusal::behind(&error) {
            Some(refusal) => refused(refusal.clone()),
            None => failed(reason(error, limits)),
        })?;
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

/// A host that must not be asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("found the {kind} address {address} for the host `{host}`")]
struct Refusal {
    host: String,
    address: IpAddr,
    kind: &'static str,
}

impl Refusal {
    /// The refusal that an error of the client stems from, if one does.
    fn behind(error: &reqwest::Error) -> Option<&Self> {
        chain(error).find_map(<dyn Error>::downcast_ref)
    }
}

/// The refusal of a host that is an address itself: for those the client asks no resolver.
fn literal_refusal(url: &Url, judge: Judge) -> Option<Refusal> {
    // Parsing has brought every way to write an IPv4 address into one form.
    let host = url.host_str()?;
    let address = host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    judge(address).map(|kind| Refusal { host: host.to_owned(), address, kind })
}

/// Resolves names as the system does, and refuses those with an address that does not pass. What it hands out is what is connected to, so that a name
/// cannot be judged by one address and asked at another.
struct JudgedResolver(Judge);

impl Resolve for JudgedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (host, judge) = (name.as_str().to_owned(), self.0);
        // The client puts its own port in the place of 0.
        let resolved = spawn_blocking(move || {
            let addresses = (host.as_str(), 0).to_socket_addrs()?.collect::<Vec<_>>();
            for address in addresses.iter().map(|address| address.ip()) {
                if let Some(kind) = judge(address) {
                    return Err(Refusal { host, address, kind }.into());
                }
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        });
        Box::pin(async { resolved.await? })
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
            return Err(self.failed(format!("it took longer than {}", shown_time(self.limits.time))));
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
    let inner = error.get_ref().and_then(|error| error.downcast_ref::<reqwest::Error>());
    if inner.is_some_and(reqwest::Error::is_timeout) { silence(limits) } else { innermost(error) }
}

fn silence(limits: FetchLimits) -> String {
    format!("the server said nothing for {}", shown_time(limits.silence))
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
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const LIMITS: FetchLimits = FetchLimits { bytes: 100, silence: Duration::from_secs(5), time: Duration::from_secs(5), redirects: 2 };

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
        Client::new(LIMITS, None, judge).unwrap().open(url, LIMITS)?.copy_to(&mut content)?;
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
            assert!(fault.ends_with("it was redirected more than 2 times"), "{fault}");
        }
    }
}
