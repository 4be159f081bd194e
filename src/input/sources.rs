//! Where files may come from, and what they may ask of the machine.

use std::fmt;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::data_uri::DataUri;
use super::error::shown;
use super::fetch::{Body, Client, FetchLimits, Judge, Shared};
use super::limits::ByteLimit;
use super::{Fault, InputLimits, Path, address, file_name};

/// Switches [`Sources::public_urls_only`] on.
pub(crate) const PUBLIC_URLS_VARIABLE: &str = "COG_KIT_PUBLIC_URLS_ONLY";

/// Where the files of a request may come from, the limits they are held to, and the directory for temporary files.
///
/// Clones share one HTTP client and its connections.
#[derive(Clone)]
pub struct Sources {
    local: bool,
    limits: InputLimits,
    fetch: FetchLimits,
    user_agent: Option<String>,
    public_urls_only: bool,
    directory: Option<PathBuf>,
    client: Arc<OnceLock<Result<Client, String>>>,
    logs: Option<Arc<Logs>>,
    canceled: Arc<dyn Fn() -> bool + Send + Sync>,
    /// When the request was begun to be decoded, and what its files share.
    request: (Instant, Shared),
}

/// Whether a text is to be downloaded; as in Cog, only lower-case schemes count.
pub(super) fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Whether a variable switches something on that makes a server safer: any text but `0` and `false`, so that a slip opens no door.
pub(crate) fn is_switched_on(text: Option<&str>) -> bool {
    text.map(str::trim).is_some_and(|text| !matches!(text, "" | "0") && !text.eq_ignore_ascii_case("false"))
}

type Logs = dyn Fn(&str) + Send + Sync;

/// A text, told apart by how it begins.
enum Found<'a> {
    Data(DataUri<'a>),
    Url(&'a str),
    Local(&'a std::path::Path),
}

impl Sources {
    /// `http(s)` URLs and data URIs: what a client may send over HTTP. A client never makes a server open a path of its own.
    ///
    /// The limits are those of the environment ([`InputLimits::from_env`]), or the defaults where it cannot be read.
    pub fn remote() -> Self {
        let limits = InputLimits::from_env().unwrap_or_default();
        let canceled: Arc<dyn Fn() -> bool + Send + Sync> = Arc::new(|| false);
        let request = (Instant::now(), Shared::new(limits.max_request_bytes, Arc::clone(&canceled)));
        Self {
            local: false,
            limits,
            fetch: fetch_limits(&limits),
            user_agent: std::env::var("COG_USER_AGENT").ok().filter(|agent| !agent.is_empty()),
            public_urls_only: is_switched_on(std::env::var(PUBLIC_URLS_VARIABLE).ok().as_deref()),
            directory: None,
            client: Arc::default(),
            logs: None,
            canceled,
            request,
        }
    }

    /// Local paths too: for a command line, whose user may open them anyway.
    pub fn local() -> Self {
        Self { local: true, ..Self::remote() }
    }

    /// All limits at once.
    #[must_use]
    pub fn limits(mut self, limits: InputLimits) -> Self {
        self.limits = limits;
        self.fetch = fetch_limits(&limits);
        self.client = Arc::default();
        self
    }

    /// The largest file, in bytes; 1 GiB. An image is held to the smaller limit of images as well.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_file_bytes = bytes;
        self.fetch.bytes = self.limits.file_bytes();
        self
    }

    /// All files of a request together, in bytes; 4 GiB.
    #[must_use]
    pub const fn max_request_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_request_bytes = bytes;
        self
    }

    /// The longest time until all files of a request have arrived, or until a [`File`](super::File) has been read; 600 s.
    #[must_use]
    pub fn max_time(mut self, time: Duration) -> Self {
        self.fetch.time = time;
        self
    }

    /// The longest time to connect, to wait for an answer, and to wait for the next piece of data; 10 s.
    #[must_use]
    pub fn max_silence(mut self, silence: Duration) -> Self {
        self.fetch.idle = silence;
        self.client = Arc::default();
        self
    }

    /// How many redirects are followed; 10.
    #[must_use]
    pub fn max_redirects(mut self, redirects: usize) -> Self {
        self.fetch.redirects = redirects as u64;
        self
    }

    /// Ends downloads as soon as `canceled` says so; nothing ends them if never called. It is asked a hundred times a second.
    #[must_use]
    pub fn cancel_when(mut self, canceled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.canceled = Arc::new(canceled);
        self
    }

    /// What downloads say of themselves; what stands in `COG_USER_AGENT` if never called.
    #[must_use]
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.user_agent = Some(agent.into());
        self.client = Arc::default();
        self
    }

    /// Whether to download from public addresses alone; what `COG_KIT_PUBLIC_URLS_ONLY` says if never called.
    ///
    /// A host is judged by every address that its name resolves to, the first one and those that redirects lead to. Proxies are not used then: they
    /// resolve names out of sight.
    #[must_use]
    pub fn public_urls_only(mut self, only: bool) -> Self {
        self.public_urls_only = only;
        self.client = Arc::default();
        self
    }

    /// Where temporary files are made; the system's own place if never called.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Where a line goes that decoding has to say, such as a seed that was drawn; nowhere if never called.
    #[must_use]
    pub fn log_to(mut self, logs: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.logs = Some(Arc::new(logs));
        self
    }

    pub(super) fn log(&self, line: &str) {
        if let Some(logs) = &self.logs {
            logs(line);
        }
    }

    /// The same sources for one request: its files share a time and a number of bytes.
    pub(super) fn for_request(&self) -> Self {
        let shared = Shared::new(self.limits.max_request_bytes, Arc::clone(&self.canceled));
        Self { request: (Instant::now(), shared), ..self.clone() }
    }

    /// The same sources for a file that may outlive its prediction, whose logs nobody may hold on to then.
    pub(super) fn without_logs(&self) -> Self {
        Self { logs: None, ..self.clone() }
    }

    /// The local file behind a text.
    pub(super) fn file(&self, text: &str) -> Result<Path, Fault> {
        match self.find(text)? {
            Found::Data(uri) => {
                let bytes = self.decode(&uri, self.fetch.bytes)?;
                self.store(&uri.file_name(), |file| file.write_all(&bytes).map_err(|error| written(&uri.file_name(), &error)))
            }
            Found::Url(url) => {
                let mut body = self.download(url, self.fetch)?;
                self.store(&file_name::from_answer(url, &body.described()), |file| body.copy_to(file))
            }
            Found::Local(path) => {
                std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
                Ok(Path::from(path.to_path_buf()))
            }
        }
    }

    /// The content behind a text that holds it; `None` for a URL, which is opened later, and for a local file.
    pub(super) fn at_once(&self, text: &str) -> Result<Option<Vec<u8>>, Fault> {
        match self.find(text)? {
            Found::Data(uri) => self.decode(&uri, self.fetch.bytes).map(Some),
            Found::Url(_) | Found::Local(_) => Ok(None),
        }
    }

    /// The content behind a text, to be read. Its time begins now: it is opened when it is read.
    pub(super) fn open(&self, text: &str) -> Result<Box<dyn Read + Send>, Fault> {
        Ok(match self.find(text)? {
            Found::Data(uri) => Box::new(Cursor::new(self.decode(&uri, self.fetch.bytes)?)),
            Found::Url(url) => Box::new(self.client()?.open(url, self.fetch, Instant::now(), &self.request.1)?),
            Found::Local(path) => Box::new(std::fs::File::open(path).map_err(|error| unreadable(path, &error))?),
        })
    }

    /// The content behind the text of an image.
    #[cfg(feature = "image")]
    pub(super) fn image(&self, text: &str) -> Result<Vec<u8>, Fault> {
        let limit = self.limits.image_bytes();
        match self.find(text)? {
            Found::Data(uri) => self.decode(&uri, limit),
            Found::Url(url) => {
                let mut bytes = Vec::new();
                self.download(url, FetchLimits { bytes: limit, ..self.fetch })?.copy_to(&mut bytes)?;
                Ok(bytes)
            }
            Found::Local(path) => {
                let mut bytes = Vec::new();
                let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
                file.take(limit.bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
                if bytes.len() as u64 > limit.bytes {
                    return Err(limit.exceeded());
                }
                Ok(bytes)
            }
        }
    }

    /// The limits that images are held to.
    #[cfg(feature = "image")]
    pub(super) const fn input_limits(&self) -> &InputLimits {
        &self.limits
    }

    fn decode(&self, uri: &DataUri<'_>, limit: ByteLimit) -> Result<Vec<u8>, Fault> {
        let bytes = uri.decode(limit)?;
        self.request.1.charge(bytes.len() as u64)?;
        Ok(bytes)
    }

    fn download(&self, url: &str, limits: FetchLimits) -> Result<Body, Fault> {
        self.client()?.open(url, limits, self.request.0, &self.request.1)
    }

    fn find<'a>(&self, text: &'a str) -> Result<Found<'a>, Fault> {
        if let Some(rest) = text.strip_prefix("data:") {
            return DataUri::parse(rest).map(Found::Data);
        }
        if is_url(text) {
            return Ok(Found::Url(text));
        }
        if self.local {
            return Ok(Found::Local(std::path::Path::new(text)));
        }
        Err(Fault::NotASource { found: shown(&text.into()), expected: "an http(s) URL or a data URI" })
    }

    fn store(&self, name: &str, fill: impl FnOnce(&mut std::fs::File) -> Result<(), Fault>) -> Result<Path, Fault> {
        let (mut file, path) = Path::create(self.directory.as_deref(), name).map_err(|error| written(name, &error))?;
        fill(&mut file)?;
        Ok(path)
    }

    fn client(&self) -> Result<&Client, Fault> {
        let judge = self.public_urls_only.then_some(address::inner_kind as Judge);
        let client = self.client.get_or_init(|| Client::new(self.fetch.idle, self.user_agent.as_deref(), judge));
        client.as_ref().map_err(|reason| Fault::Download { url: "the file".to_owned(), reason: reason.clone() })
    }
}

const fn fetch_limits(limits: &InputLimits) -> FetchLimits {
    FetchLimits { bytes: limits.file_bytes(), idle: limits.idle_time(), time: limits.download_time(), redirects: limits.max_redirects }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { local, limits, fetch, public_urls_only, directory, .. } = self;
        f.debug_struct("Sources")
            .field("local", local)
            .field("limits", limits)
            .field("fetch", fetch)
            .field("public_urls_only", public_urls_only)
            .field("directory", directory)
            .finish_non_exhaustive()
    }
}

fn written(name: &str, error: &std::io::Error) -> Fault {
    Fault::Io { path: format!("a temporary file for `{name}`"), verb: "written", reason: error.to_string() }
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Fault {
    Fault::Io { path: format!("`{}`", path.display()), verb: "read", reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_make_a_server_open_a_path() {
        for text in ["/etc/passwd", "file:///etc/passwd", "HTTP://host/a", "", "ftp://host/a", "../a"] {
            let fault = Sources::remote().file(text).unwrap_err();
            assert_eq!(fault.to_string(), format!("found {text:?}, expected an http(s) URL or a data URI"));
        }
    }

    #[test]
    fn a_variable_is_on_unless_it_says_no() {
        for text in [None, Some(""), Some(" "), Some("0"), Some("false"), Some("False")] {
            assert!(!is_switched_on(text), "{text:?}");
        }
        for text in ["1", "true", "yes", "on", "anything"] {
            assert!(is_switched_on(Some(text)), "{text:?}");
        }
    }

    #[test]
    fn a_command_line_may_name_local_files() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = file.path().to_str().unwrap();
        assert_eq!(&*Sources::local().file(text).unwrap(), file.path());
        let fault = Sources::local().file("/nowhere/at/all").unwrap_err();
        assert!(fault.to_string().starts_with("`/nowhere/at/all` could not be read: No such file"), "{fault}");
    }

    #[test]
    fn data_becomes_a_file_of_the_right_name_in_the_right_place() {
        let directory = tempfile::tempdir().unwrap();
        let sources = Sources::remote().directory(directory.path());
        let path = sources.file("data:image/png;base64,aGVsbG8=").unwrap();
        assert_eq!(path.parent(), Some(directory.path()));
        assert!(path.to_str().unwrap().ends_with("file.png"));
        assert_eq!(std::fs::read(&path).unwrap(), b"hello");
    }

    #[test]
    fn a_file_beyond_the_limit_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let sources = Sources::remote().directory(directory.path()).max_bytes(4);
        assert_eq!(sources.file("data:,hello").unwrap_err().code(), "input.too_many_bytes");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
