//! Waiting for a future on a thread that is not the runtime's, for as long as nobody cancels.

use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::task::unconstrained;

/// How often a waiting thread looks whether it is canceled.
const LOOK: Duration = Duration::from_millis(10);

/// The runtime of all downloads, on a thread of its own that lives as long as the process.
pub(super) fn runtime() -> Result<&'static Handle, String> {
    static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();
    RUNTIME.get_or_init(|| start().map_err(|error| error.to_string())).as_ref().map_err(Clone::clone)
}

fn start() -> std::io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("cog-kit-downloads".to_owned()).spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}

/// What the future yields; nothing if `canceled` says so first, and then the future is dropped.
///
/// It may be called anywhere, also on a thread that drives another runtime.
pub(super) fn wait_for<F: Future>(future: F, runtime: &Handle, canceled: &dyn Fn() -> bool) -> Option<F::Output> {
    let _entered = runtime.enter();
    // The thread may be in a task of another runtime, whose budget would never be renewed here.
    let mut future = pin!(unconstrained(future));
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if canceled() {
            return None;
        }
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        thread::park_timeout(LOOK);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_future_is_waited_for_and_a_canceled_one_is_left() {
        let runtime = runtime().unwrap();
        let sleep = |millis| tokio::time::sleep(Duration::from_millis(millis));
        let make = |millis| async move { sleep(millis).await };
        assert_eq!(wait_for(make(20), runtime, &|| false), Some(()));
        let start = Instant::now();
        assert_eq!(wait_for(make(60_000), runtime, &|| start.elapsed() > Duration::from_millis(50)), None);
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_thread_of_another_runtime_may_wait_too() {
        let other = Builder::new_current_thread().enable_all().build().unwrap();
        let total = other.block_on(async {
            (0..1000).filter_map(|_| wait_for(async { tokio::task::yield_now().await }, runtime().unwrap(), &|| false)).count()
        });
        assert_eq!(total, 1000);
    }
}
