//! What a decoder that does not take every file makes of one.

use super::ImageError;

/// The outcome of a decoder that does not take every file.
pub(in crate::image) enum Attempt<T> {
    /// The image was decoded.
    Ready(T),
    /// This decoder does not take files of this kind; another one is to be tried.
    Unsupported,
    /// The decode ends with this error; no other decoder is to be tried.
    Failed(ImageError),
}

impl<T> From<Result<T, ImageError>> for Attempt<T> {
    /// The outcome of a decoder that took the file.
    fn from(result: Result<T, ImageError>) -> Self {
        match result {
            Ok(result) => Self::Ready(result),
            Err(failure) => Self::Failed(failure),
        }
    }
}

/// Counts the decoders that start on the calling thread, for tests that hold that no file is decoded twice.
#[cfg(not(test))]
pub(super) const fn count() {}

#[cfg(test)]
pub(in crate::image) use counting::{count, counted};

#[cfg(test)]
mod counting {
    use std::cell::Cell;

    thread_local! {
        static STARTED: Cell<u32> = const { Cell::new(0) };
    }

    pub(in crate::image) fn count() {
        STARTED.set(STARTED.get() + 1);
    }

    /// How many decoders `work` starts on this thread.
    pub(in crate::image) fn counted<T>(work: impl FnOnce() -> T) -> (T, u32) {
        let before = STARTED.get();
        let result = work();
        (result, STARTED.get() - before)
    }
}
