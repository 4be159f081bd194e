//! Keeps a decoder's panic from harming more than the picture that caused it.

use std::{
    any::Any,
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

/// Runs a third-party decoder's `work`; its panic is not printed, and its message is the error.
pub(super) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    chain_hook();
    let outer = QUIET.replace(true);
    // A decoder that panicked is never used again: its picture ends with the error.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    outcome.map_err(|payload| message(payload.as_ref()))
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
        let message = contained(|| panic!("row {} is odd", 7)).unwrap_err();
        assert_eq!(message, "row 7 is odd");
        assert_eq!(contained(|| 3), Ok(3));
    }

    #[test]
    fn a_panic_outside_still_reaches_the_hook_that_was_set() {
        contained(|| assert!(QUIET.get())).unwrap();
        assert!(!QUIET.get());
    }
}
