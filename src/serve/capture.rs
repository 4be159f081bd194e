//! What a prediction prints, on its way to the prediction's own logs.
//!
//! Only with one slot: what two predictions print at the same time cannot be told apart. Pipes of ours take the place of stdout and stderr. A thread empties
//! each as it fills; a prediction empties them itself before it says anything else and when it ends, so that all it has printed comes first.

use std::{
    fs::File,
    io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write},
    os::fd::AsFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use coglet::bridge::protocol::LogSource;
use nix::{
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    unistd::{dup2_stderr, dup2_stdout},
};

use super::{
    sink::SlotSink,
    stray::{self, Strays},
};

/// Longest time that a prediction spends on what is printed. Only a child process that floods the pipe can make it this long.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often threads that earlier predictions have left are looked at while there are any, in milliseconds.
const LOOK: u8 = 100;

/// So much is passed on at once.
const BATCH: usize = 1 << 20;

/// The prediction that runs now.
type Current = Arc<Mutex<Option<Arc<SlotSink>>>>;

/// Stdout and stderr of the worker, taken over.
pub(super) struct Capture {
    current: Current,
    strays: Arc<Strays>,
    streams: [Arc<Stream>; 2],
}

/// One of the two. Whoever holds the lock reads and passes on what was read, so nothing is ever on its way when the lock is free.
struct Stream {
    source: LogSource,
    current: Current,
    strays: Arc<Strays>,
    pipe: Mutex<Pipe>,
}

struct Pipe {
    reader: PipeReader,
    /// Where it goes when no prediction runs: the engine's own way, into the server's log.
    elsewhere: File,
    /// The beginning of a character whose end has not come yet.
    held: Vec<u8>,
}

impl Capture {
    /// Takes over stdout and stderr for the rest of the process.
    pub(super) fn start() -> io::Result<Self> {
        let (current, strays) = (Current::default(), Arc::new(Strays::default()));
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        let err = io::stderr().as_fd().try_clone_to_owned()?;
        let (out, to_out) = Stream::start(LogSource::Stdout, out.into(), &current, &strays)?;
        let (err, to_err) = Stream::start(LogSource::Stderr, err.into(), &current, &strays)?;
        io::stdout().flush()?;
        dup2_stdout(to_out)?;
        dup2_stderr(to_err)?;
        Ok(Self { current, strays, streams: [out, err] })
    }

    /// Runs a prediction; what it prints goes to its logs, all of it before this returns.
    pub(super) fn during<T>(&self, prediction: Arc<SlotSink>, work: impl FnOnce() -> T) -> T {
        // What has been printed until now is not this prediction's.
        self.catch_up();
        self.strays.have_written(0);
        let threads = stray::threads();
        self.set(Some(prediction));
        let result = work();
        let _ = io::stdout().flush();
        self.catch_up();
        for stream in &self.streams {
            stream.give_up_held();
        }
        self.set(None);
        self.strays.add_since(&threads);
        result
    }

    /// Passes on what has been printed so far.
    pub(super) fn catch_up(&self) {
        for stream in &self.streams {
            // What cannot be read now is left to the thread.
            let _ = stream.empty();
        }
    }

    /// Writes to the server's log, whatever runs.
    pub(super) fn write_elsewhere(&self, text: &str) {
        let [_, err] = &self.streams;
        // Nobody is left to be told that the log is gone.
        let _ = err.lock().elsewhere.write_all(text.as_bytes());
    }

    fn set(&self, prediction: Option<Arc<SlotSink>>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = prediction;
    }
}

impl Stream {
    fn start(source: LogSource, elsewhere: File, current: &Current, strays: &Arc<Strays>) -> io::Result<(Arc<Self>, PipeWriter)> {
        let (reader, writer) = io::pipe()?;
        fcntl(&reader, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let waiting = reader.try_clone()?;
        let pipe = Mutex::new(Pipe { reader, elsewhere, held: Vec::new() });
        let stream = Arc::new(Self { source, current: Arc::clone(current), strays: Arc::clone(strays), pipe });
        let watched = Arc::clone(&stream);
        thread::Builder::new().name("cog-kit-printed".to_owned()).spawn(move || watched.watch(&waiting))?;
        Ok((stream, writer))
    }

    /// Empties the pipe whenever there is something in it, for as long as the process lives.
    fn watch(&self, waiting: &PipeReader) {
        loop {
            let limit = if self.strays.is_empty() { PollTimeout::NONE } else { LOOK.into() };
            match poll(&mut [PollFd::new(waiting.as_fd(), PollFlags::POLLIN)], limit) {
                // One that has ended in silence must not be taken for the writer of what comes next.
                Ok(0) => drop(self.strays.have_written(0)),
                Ok(_) if self.empty().is_err() => return,
                _ => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pipe> {
        self.pipe.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes on what is in the pipe.
    fn empty(&self) -> io::Result<()> {
        let start = Instant::now();
        let mut buffer = [0; 8192];
        let mut pipe = self.lock();
        while start.elapsed() < PATIENCE {
            let mut bytes = std::mem::take(&mut pipe.held);
            let held = bytes.len();
            let end = loop {
                match pipe.reader.read(&mut buffer) {
                    Ok(0) => break Some(Err(ErrorKind::UnexpectedEof.into())),
                    Ok(count) => bytes.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break Some(Ok(())),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => break Some(Err(error)),
                }
                if bytes.len() >= BATCH {
                    break None;
                }
            };
            let count = bytes.len() - held;
            pipe.held = bytes.split_off(complete(&bytes));
            self.emit(&bytes, count, &mut pipe.elsewhere);
            if let Some(result) = end {
                return result;
            }
        }
        Ok(())
    }

    /// Half a character at a prediction's end stays half.
    fn give_up_held(&self) {
        let mut pipe = self.lock();
        let held = std::mem::take(&mut pipe.held);
        self.emit(&held, 0, &mut pipe.elsewhere);
    }

    /// Passes on bytes, of which `count` have just been read.
    fn emit(&self, bytes: &[u8], count: usize, elsewhere: &mut File) {
        if bytes.is_empty() {
            return;
        }
        let prediction = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match prediction.filter(|_| count == 0 || !self.strays.have_written(count)) {
            Some(sink) => sink.write(self.source, &String::from_utf8_lossy(bytes)),
            None => drop(elsewhere.write_all(bytes)),
        }
    }
}

/// How many bytes can be passed on: not half a character.
fn complete(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_is_held_back() {
        for (bytes, expected) in [(b"hello".as_slice(), 5), (b"a\xc3", 1), (b"a\xc3\xa9", 3), (b"\xff!", 2), (b"a\0b", 3), (b"", 0)] {
            assert_eq!(complete(bytes), expected, "{bytes:?}");
        }
    }
}
