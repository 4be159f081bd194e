//! What a prediction logs through `tracing` or `log`, on its way to the prediction's own logs.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Arc,
};

use coglet::bridge::protocol::LogSource;
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use super::sink::SlotSink;

thread_local! {
    static CURRENT: RefCell<Option<Arc<SlotSink>>> = const { RefCell::new(None) };
}

/// A subscriber for the author's code: what `RUST_LOG` asks for, or else `info` and above. `COG_LOG_LEVEL` is about the server's own log, as in Cog, and the
/// engine's records have a way of their own.
pub(super) fn subscriber() -> Dispatch {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = ["coglet=off", "coglet_worker=off"].iter().filter_map(|text| text.parse().ok()).fold(filter, EnvFilter::add_directive);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).without_time().with_ansi(false).with_writer(Lines);
    Dispatch::new(lines.finish())
}

/// Runs the author's code on this thread; records made in it go to the prediction's logs, or to stderr if there is no prediction.
pub(super) fn with<T>(subscriber: &Dispatch, prediction: Option<Arc<SlotSink>>, work: impl FnOnce() -> T) -> T {
    let outer = CURRENT.replace(prediction);
    let result = dispatcher::with_default(subscriber, work);
    CURRENT.set(outer);
    result
}

struct Lines;

/// One record, formatted.
struct Line;

impl MakeWriter<'_> for Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let prediction = CURRENT.with_borrow(Clone::clone);
        match prediction {
            Some(sink) => sink.say(LogSource::Stderr, &String::from_utf8_lossy(bytes)),
            None => io::stderr().write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
