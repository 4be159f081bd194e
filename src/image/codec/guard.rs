//! Keeps a decoder's panic from harming more than the picture that caused it.

use std::{
    any::Any,
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use super::{Channels, Format, ImageError, Picture, Pixels, Rows, Size, Warning};

/// A decoder whose panics are errors.
pub(in crate::image) struct Guarded<'a> {
    format: Format,
    picture: Box<dyn Picture + 'a>,
}

impl<'a> Guarded<'a> {
    /// Opens a decoder.
    pub(super) fn open(format: Format, open: impl FnOnce() -> Result<Box<dyn Picture + 'a>, ImageError>) -> Result<Self, ImageError> {
        Ok(Self { format, picture: contained(format, open)?? })
    }

    /// What was noticed and passed over so far.
    pub(in crate::image) fn warnings(&self) -> Vec<Warning> {
        self.picture.warnings()
    }
}

impl Rows for Guarded<'_> {
    fn size(&self) -> Size {
        self.picture.size()
    }

    fn channels(&self) -> Channels {
        self.picture.channels()
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        contained(self.format, || self.picture.read(band))?
    }

    fn take_whole(&mut self) -> Option<Pixels> {
        self.picture.take_whole()
    }
}

/// Runs `work`; its panic is an error, and is not printed.
fn contained<T>(format: Format, work: impl FnOnce() -> T) -> Result<T, ImageError> {
    chain_hook();
    let outer = QUIET.replace(true);
    // A decoder that panicked is never used again: its picture ends with the error.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    outcome.map_err(|payload| ImageError::CodecPanicked { format, reason: message(payload.as_ref()) })
}

thread_local! {
    /// Whether this thread is inside a decoder.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Puts a hook before the one that is set, once, which passes on every panic but those of decoders.
fn chain_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                previous(panic);
            }
        }));
    });
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason given").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_becomes_an_error_with_its_message() {
        let error = contained(Format::Png, || panic!("row {} is odd", 7)).unwrap_err();
        assert_eq!(error.to_string(), "the PNG decoder gave up on this file: row 7 is odd");
        assert_eq!(contained(Format::Png, || 3).unwrap(), 3);
    }

    #[test]
    fn a_panic_outside_still_reaches_the_hook_that_was_set() {
        contained(Format::Gif, || ()).unwrap();
        assert!(!QUIET.get());
    }
}
