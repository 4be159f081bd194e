//! Outputs that are sent piece by piece.

use std::fmt;

use super::{Item, Output, Result, Sink};
use crate::schema::OutputSchema;

/// A list whose items are handed over one by one, as soon as each is made: Cog's `Iterator`.
pub struct Stream<T>(Box<dyn Iterator<Item = Result<T>> + Send>);

impl<T: 'static> Stream<T> {
    /// A stream of values.
    pub fn new(items: impl IntoIterator<Item = T, IntoIter: Send + 'static>) -> Self {
        Self(Box::new(items.into_iter().map(Ok)))
    }

    /// A stream whose items may fail; the first error ends it and fails the prediction.
    pub fn fallible(items: impl IntoIterator<Item = Result<T>, IntoIter: Send + 'static>) -> Self {
        Self(Box::new(items.into_iter()))
    }
}

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

impl<T: Item> Output for Stream<T> {
    const STREAMS: bool = true;

    fn schema() -> OutputSchema {
        OutputSchema::stream_of(T::form())
    }

    fn send(mut self, sink: &dyn Sink) -> Result<()> {
        self.0.try_for_each(|item| item?.send_item(sink))
    }
}

/// A text that is handed over piece by piece and shown as one: Cog's `ConcatenateIterator[str]`.
#[derive(Debug)]
pub struct ConcatenateStream(Stream<String>);

impl ConcatenateStream {
    /// A stream of pieces.
    pub fn new(pieces: impl IntoIterator<Item = String, IntoIter: Send + 'static>) -> Self {
        Self(Stream::new(pieces))
    }

    /// A stream whose pieces may fail; the first error ends it and fails the prediction.
    pub fn fallible(pieces: impl IntoIterator<Item = Result<String>, IntoIter: Send + 'static>) -> Self {
        Self(Stream::fallible(pieces))
    }
}

impl Output for ConcatenateStream {
    const STREAMS: bool = true;

    fn schema() -> OutputSchema {
        OutputSchema::concatenated()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        self.0.send(sink)
    }
}
