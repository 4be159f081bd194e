//! Threads that predictions have left behind. What one of them prints while the next prediction runs is not that prediction's.
//!
//! Nothing in a pipe tells who wrote to it. But Linux counts the bytes that each thread writes: text is a stray thread's if it has written just as much
//! since the last look, or has ended since then. Elsewhere no thread is known as stray.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Every thread of this process is a folder here, named by its number.
const THREADS: &str = "/proc/self/task";

/// Threads of the engine's runtime, which come and go as they are needed.
static ENGINE_THREADS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// Marks this thread as one of the engine's.
pub(super) fn mark_engine_thread() {
    #[cfg(target_os = "linux")]
    lock(&ENGINE_THREADS).insert(nix::unistd::gettid().as_raw());
}

/// The threads of this process, those of the engine left out.
pub(super) fn threads() -> BTreeSet<i32> {
    let all: BTreeSet<i32> =
        fs::read_dir(THREADS).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    let mut engine = lock(&ENGINE_THREADS);
    engine.retain(|thread| all.contains(thread));
    all.difference(&engine).copied().collect()
}

/// The threads that earlier predictions have left, and how many bytes each had written when it was last looked at.
#[derive(Default)]
pub(super) struct Strays(Mutex<BTreeMap<i32, Option<u64>>>);

impl Strays {
    /// Adds the threads that are there now and were not before.
    pub(super) fn add_since(&self, before: &BTreeSet<i32>) {
        let mut strays = lock(&self.0);
        strays.extend(threads().difference(before).map(|thread| (*thread, written(*thread))));
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.0).is_empty()
    }

    /// Looks at all of them. True if one has written this many bytes, or has ended, since the last look.
    pub(super) fn have_written(&self, count: usize) -> bool {
        let mut found = false;
        lock(&self.0).retain(|thread, before| {
            let now = written(*thread);
            found |= match (*before, now) {
                (Some(before), Some(now)) => count > 0 && now.checked_sub(before) == u64::try_from(count).ok(),
                (_, None) => true,
                (None, Some(_)) => false,
            };
            *before = now;
            now.is_some()
        });
        found
    }
}

/// How many bytes a thread has written; none if it has ended, or if that is not counted here.
fn written(thread: i32) -> Option<u64> {
    let counts = fs::read_to_string(format!("{THREADS}/{thread}/io")).ok()?;
    counts.lines().find_map(|line| line.strip_prefix("wchar: "))?.trim().parse().ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        io::Write,
        sync::mpsc::channel,
        thread::{sleep, spawn},
        time::Duration,
    };

    use super::*;

    #[test]
    fn a_stray_thread_is_told_by_what_it_writes_and_by_its_end() {
        if written(nix::unistd::gettid().as_raw()).is_none() {
            println!("skipped: this system does not count what threads write");
            return;
        }
        let before = threads();
        let (go, wait) = channel::<usize>();
        let (done, written) = channel();
        let thread = spawn(move || {
            let mut nowhere = fs::OpenOptions::new().write(true).open("/dev/null").unwrap();
            for count in wait {
                nowhere.write_all(&vec![0; count]).unwrap();
                done.send(()).unwrap();
            }
        });
        let strays = Strays::default();
        strays.add_since(&before);
        assert!(!strays.is_empty());
        for (asked, count, expected) in [(5, 5, true), (5, 6, false), (100, 100, true)] {
            go.send(asked).unwrap();
            written.recv().unwrap();
            sleep(Duration::from_millis(5));
            assert_eq!(strays.have_written(count), expected, "{asked} {count}");
        }
        assert!(!strays.have_written(7));
        drop(go);
        thread.join().unwrap();
        sleep(Duration::from_millis(20));
        assert!(strays.have_written(7));
        assert!(!strays.have_written(7));
    }
}
