//! Lines of the server's log on their way to stderr, which must not hold up the server when nobody reads them.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use tracing_subscriber::fmt::MakeWriter;

/// So many lines may wait. Beyond, they are dropped and counted.
const LINES: usize = 4096;

/// So many bytes may wait.
const BYTES: usize = 16 << 20;

/// Longest line of another source that is kept in one piece, in bytes.
const LONGEST: u64 = 1 << 20;

/// Writes lines on a thread of its own.
#[derive(Clone)]
pub(super) struct LogWriter {
    lines: SyncSender<Vec<u8>>,
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    lines: AtomicUsize,
    bytes: AtomicUsize,
    dropped: AtomicU64,
}

impl LogWriter {
    /// Writes to `target` for the rest of the process.
    pub(super) fn start(target: impl Write + Send + 'static) -> io::Result<Self> {
        let (lines, receiver) = sync_channel::<Vec<u8>>(LINES);
        let waiting = Arc::new(Waiting::default());
        let state = Arc::clone(&waiting);
        thread::Builder::new().name("cog-kit-log".to_owned()).spawn(move || {
            let mut target = target;
            for line in receiver {
                // There is nobody to tell when it fails.
                let _ = target.write_all(&line);
                state.bytes.fetch_sub(line.len(), Ordering::AcqRel);
                let dropped = state.dropped.swap(0, Ordering::AcqRel);
                if dropped > 0 {
                    let _ = writeln!(target, "{dropped} log lines were dropped here, because nobody read the log");
                }
                state.lines.fetch_sub(1, Ordering::AcqRel);
            }
        })?;
        Ok(Self { lines, waiting })
    }

    /// Waits until everything is written, but not for longer than this.
    pub(super) fn finish(&self, limit: Duration) {
        let start = Instant::now();
        while self.waiting.lines.load(Ordering::Acquire) > 0 && start.elapsed() < limit {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Takes the lines of `source` until it ends, on another thread.
    pub(super) fn pass_on(&self, source: impl Read + Send + 'static) -> io::Result<()> {
        let writer = self.clone();
        thread::Builder::new().name("cog-kit-worker-log".to_owned()).spawn(move || {
            let (mut source, mut line) = (BufReader::new(source), Vec::new());
            while (&mut source).take(LONGEST).read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
                writer.take(&line);
                line.clear();
            }
        })?;
        Ok(())
    }

    fn take(&self, line: &[u8]) {
        let waiting = &self.waiting;
        let bytes = waiting.bytes.fetch_add(line.len(), Ordering::AcqRel);
        waiting.lines.fetch_add(1, Ordering::AcqRel);
        // One line alone may be longer.
        if (bytes > 0 && bytes + line.len() > BYTES) || self.lines.try_send(line.to_vec()).is_err() {
            waiting.bytes.fetch_sub(line.len(), Ordering::AcqRel);
            waiting.lines.fetch_sub(1, Ordering::AcqRel);
            waiting.dropped.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Write for LogWriter {
    /// Takes one line; a subscriber writes each of its own with one call.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The writer of this process, once it has one.
static CURRENT: Mutex<Option<LogWriter>> = Mutex::new(None);

/// Makes a writer to stderr the one of this process.
pub(super) fn start() -> io::Result<LogWriter> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(writer) = &*current {
        return Ok(writer.clone());
    }
    let writer = LogWriter::start(io::stderr())?;
    *current = Some(writer.clone());
    Ok(writer)
}

/// Says why the program ends. It ends also if nobody reads that.
pub(crate) fn say_error(message: &str) {
    let line = format!("error: {message}\n");
    match start() {
        Ok(writer) => {
            writer.take(line.as_bytes());
            writer.finish(Duration::from_secs(1));
        }
        Err(_) => eprint!("{line}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// A target that takes a line whenever it is told to, and tells what it got.
    struct Slow(Receiver<()>, std::sync::mpsc::Sender<String>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_nobody_reads_are_dropped_and_counted() {
        let (go, wait) = channel();
        let (sender, written) = channel();
        let mut writer = LogWriter::start(Slow(wait, sender)).unwrap();
        let start = Instant::now();
        for number in 0..LINES + 100 {
            writer.write_all(format!("line {number}\n").as_bytes()).unwrap();
        }
        writer.finish(Duration::from_millis(20));
        assert!(start.elapsed() < Duration::from_secs(5));
        drop(go);
        writer.finish(Duration::from_secs(10));
        let all: String = written.try_iter().collect();
        assert!(all.starts_with("line 0\n"), "{}", all.chars().take(100).collect::<String>());
        let note = all.split_once(" log lines were dropped here").unwrap().0.rsplit('\n').next().unwrap();
        assert!(matches!(note.parse(), Ok(98..=100)), "{note}");
    }
}
