//! What a prediction prints, on its way to the prediction's own logs.
//!
//! Only with one slot: what two predictions print at the same time cannot be told apart. Pipes of ours take the place of stdout and stderr; a thread reads each.
//! When a prediction ends, a mark is written behind what it printed, and the prediction waits until the reader has met the mark.

use std::{
    io::{self, PipeReader, PipeWriter, Read, Write},
    os::fd::AsFd,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use coglet::bridge::protocol::LogSource;
use nix::unistd::{dup2_stderr, dup2_stdout};

use super::sink::SlotSink;

/// Never printed by anybody else: it begins with a zero byte, and its length keeps the write atomic.
const MARK: &[u8] = b"\0cog-kit: the prediction ends here\0";

/// Longest wait for a mark. Only a child process that floods the pipe can make it this long.
const PATIENCE: Duration = Duration::from_secs(1);

/// The prediction that runs now.
type Current = Arc<Mutex<Option<Arc<SlotSink>>>>;

/// Stdout and stderr of the worker, taken over.
pub(super) struct Capture {
    current: Current,
    streams: [Stream; 2],
}

struct Stream {
    writer: Mutex<(PipeWriter, Receiver<()>)>,
}

impl Capture {
    /// Takes over stdout and stderr for the rest of the process.
    pub(super) fn start() -> io::Result<Self> {
        let current = Current::default();
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        let err = io::stderr().as_fd().try_clone_to_owned()?;
        let out = Stream::start(LogSource::Stdout, out.into(), &current)?;
        let err = Stream::start(LogSource::Stderr, err.into(), &current)?;
        io::stdout().flush()?;
        dup2_stdout(&out.lock().0)?;
        dup2_stderr(&err.lock().0)?;
        Ok(Self { current, streams: [out, err] })
    }

    /// Runs a prediction; what it prints goes to its logs, all of it before this returns.
    pub(super) fn during<T>(&self, prediction: Arc<SlotSink>, work: impl FnOnce() -> T) -> T {
        self.set(Some(prediction));
        let result = work();
        let _ = io::stdout().flush();
        for stream in &self.streams {
            stream.drain();
        }
        self.set(None);
        result
    }

    fn set(&self, prediction: Option<Arc<SlotSink>>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = prediction;
    }
}

impl Stream {
    fn start(source: LogSource, elsewhere: std::fs::File, current: &Current) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        let (met, marks) = channel();
        let current = Arc::clone(current);
        thread::Builder::new().name("cog-kit-printed".to_owned()).spawn(move || read(reader, source, elsewhere, &current, &met))?;
        Ok(Self { writer: Mutex::new((writer, marks)) })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (PipeWriter, Receiver<()>)> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drain(&self) {
        let mut end = self.lock();
        if end.0.write_all(MARK).is_ok() {
            let _ = end.1.recv_timeout(PATIENCE);
        }
    }
}

fn read(mut reader: PipeReader, source: LogSource, mut elsewhere: std::fs::File, current: &Current, met: &Sender<()>) {
    let mut held = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        held.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let mut emit = |bytes: &[u8]| {
            let prediction = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match prediction {
                Some(sink) => sink.write(source, &String::from_utf8_lossy(bytes)),
                // The engine's own way, into the server's log.
                None => drop(elsewhere.write_all(bytes)),
            }
        };
        while let Some(at) = held.windows(MARK.len()).position(|window| window == MARK) {
            emit(held.get(..at).unwrap_or_default());
            held.drain(..at + MARK.len());
            let _ = met.send(());
        }
        let rest = held.split_off(complete(&held));
        emit(&held);
        held = rest;
    }
}

/// How many bytes can be passed on: not half a character, and not what may be the beginning of a mark.
fn complete(bytes: &[u8]) -> usize {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    match bytes.iter().rposition(|&byte| byte == 0) {
        Some(zero) if bytes.get(zero..).is_some_and(|tail| MARK.starts_with(tail)) => zero.min(whole),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_and_half_a_mark_are_held_back() {
        for (bytes, expected) in
            [(b"hello".as_slice(), 5), (b"a\xc3", 1), (b"a\xc3\xa9", 3), (b"\xff!", 2), (b"ab\0cog-kit", 2), (b"ab\0other", 8), (b"", 0)]
        {
            assert_eq!(complete(bytes), expected, "{bytes:?}");
        }
    }
}
