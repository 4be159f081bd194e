//! Outputs that are sent while they are made.

use std::fmt;

use super::{Item, Output, Result, Sink};
use crate::schema::OutputSchema;

type Items<T> = Box<dyn Iterator<Item = Result<T>> + Send>;

/// A list whose items are sent as soon as each is made.
///
/// Whatever iterates can be one. The iterator is asked after `predict` has returned, so it owns what it needs: a model that several predictions share stands
/// in an [`Arc`](std::sync::Arc), and a clone of the [`Context`](super::Context) logs, measures and asks for the cancel. A client that cancels ends it
/// before the next item.
///
/// # Examples
/// ```
/// use cog_kit::Stream;
///
/// let squares = Stream::new((1..=3).map(|side| side * side));
/// let lines = Stream::fallible(["1", "x"].into_iter().map(|text| Ok(text.parse::<i32>()?)));
/// ```
pub struct Stream<T>(Items<T>);

impl<T: 'static> Stream<T> {
    /// The items of an iterator.
    pub fn new<I>(items: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        Self(Box::new(items.into_iter().map(Ok)))
    }

    /// The items of an iterator that may fail midway: the first error fails the prediction, and the items before it have been sent.
    pub fn fallible<I>(items: I) -> Self
    where
        I: IntoIterator<Item = Result<T>>,
        I::IntoIter: Send + 'static,
    {
        Self(Box::new(items.into_iter()))
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

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

/// A text that is sent piece by piece and shown as one; made as a [`Stream`] is.
pub struct ConcatenateStream(Stream<String>);

impl ConcatenateStream {
    /// The pieces of an iterator.
    pub fn new<I>(pieces: I) -> Self
    where
        I: IntoIterator<Item = String>,
        I::IntoIter: Send + 'static,
    {
        Self(Stream::new(pieces))
    }

    /// The pieces of an iterator that may fail midway.
    pub fn fallible<I>(pieces: I) -> Self
    where
        I: IntoIterator<Item = Result<String>>,
        I::IntoIter: Send + 'static,
    {
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

impl fmt::Debug for ConcatenateStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConcatenateStream").finish_non_exhaustive()
    }
}
