//! Panics: one inside a prediction ends that prediction and nothing else.
//!
//! The engine installs a hook that aborts the worker on any panic. [`contain`] steps in front of it: the engine's hook is asked only for panics on the
//! engine's own threads, outside of author's code. A panic on a thread that the author started is reported by whoever joins that thread.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    panic::{self, AssertUnwindSafe},
};

thread_local! {
    static ENGINE_THREAD: Cell<bool> = const { Cell::new(false) };
    static IN_AUTHORS_CODE: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Marks this thread as one of the engine's, on which an uncaught panic is a bug of the server.
pub(super) fn mark_engine_thread() {
    ENGINE_THREAD.set(true);
}

/// Steps in front of the panic hook that is installed now.
pub(super) fn contain() {
    let engine = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if ENGINE_THREAD.get() && !IN_AUTHORS_CODE.get() {
            engine(info);
            return;
        }
        PLACE.set(info.location().map(|place| format!("{}:{}", place.file(), place.line())));
        eprintln!("{info}");
    }));
}

/// Runs the author's code; a panic in it becomes a message that says what and where.
pub(super) fn catch<T>(what: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = IN_AUTHORS_CODE.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    IN_AUTHORS_CODE.set(outer);
    result.map_err(|payload| {
        let message = message_of(payload.as_ref());
        // Dropping a payload runs the author's code again.
        let _ = panic::catch_unwind(AssertUnwindSafe(|| drop(payload)));
        match PLACE.take() {
            Some(place) => format!("{what} panicked at {place}: {message}"),
            None => format!("{what} panicked: {message}"),
        }
    })
}

fn message_of(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "with something that is not text".to_owned())
}
