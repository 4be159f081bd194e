//! Removes what predictions leave behind, on a thread of its own: on some disks that takes longer than a prediction.

use std::{
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Instant,
};

use tempfile::TempDir;

use crate::input::Path;

/// So many predictions may wait to be cleaned up after. Beyond, a prediction cleans up itself.
const BACKLOG: usize = 2048;

/// What a prediction left behind; it is removed when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    pub(super) scratch: Option<TempDir>,
    pub(super) files: Vec<Path>,
}

pub(super) struct Janitor {
    sender: SyncSender<Leftovers>,
    waiting: Arc<Waiting>,
}

/// How many predictions wait to be cleaned up after, the one that is cleaned up after now included.
#[derive(Default)]
struct Waiting {
    count: Mutex<usize>,
    removed: Condvar,
}

impl Waiting {
    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, leftovers: Leftovers) {
        drop(leftovers);
        *self.count() -= 1;
        self.removed.notify_all();
    }
}

impl Janitor {
    pub(super) fn start() -> io::Result<Self> {
        let (sender, receiver) = sync_channel::<Leftovers>(BACKLOG);
        let waiting = Arc::new(Waiting::default());
        let remover = Arc::clone(&waiting);
        thread::Builder::new()
            .name("cog-kit-janitor".to_owned())
            .spawn(move || receiver.into_iter().for_each(|leftovers| remover.remove(leftovers)))?;
        Ok(Self { sender, waiting })
    }

    /// Removes what a prediction left behind, soon.
    pub(super) fn take(&self, leftovers: Leftovers) {
        *self.waiting.count() += 1;
        if let Err(TrySendError::Full(leftovers) | TrySendError::Disconnected(leftovers)) = self.sender.try_send(leftovers) {
            self.waiting.remove(leftovers);
        }
    }

    /// Waits until everything that was taken is removed, but not past the deadline.
    pub(super) fn finish(&self, deadline: Instant) {
        let limit = deadline.saturating_duration_since(Instant::now());
        drop(self.waiting.removed.wait_timeout_while(self.waiting.count(), limit, |count| *count > 0));
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::*;

    /// A scratch directory whose removal takes a while.
    fn slow() -> TempDir {
        let scratch = tempfile::tempdir().unwrap();
        for number in 0..2000 {
            fs::write(scratch.path().join(number.to_string()), "").unwrap();
        }
        scratch
    }

    #[test]
    fn everything_taken_is_gone_when_it_has_finished() {
        let janitor = Janitor::start().unwrap();
        let scratches: Vec<TempDir> = (0..3).map(|_| slow()).collect();
        let paths: Vec<_> = scratches.iter().map(|scratch| scratch.path().to_path_buf()).collect();
        for scratch in scratches {
            janitor.take(Leftovers { scratch: Some(scratch), ..Leftovers::default() });
        }
        janitor.finish(Instant::now() + Duration::from_secs(60));
        assert!(paths.iter().all(|path| !path.exists()), "{paths:?}");
    }

    #[test]
    fn the_last_wait_ends_at_its_deadline() {
        let janitor = Janitor::start().unwrap();
        *janitor.waiting.count() += 1;
        let start = Instant::now();
        janitor.finish(start + Duration::from_millis(50));
        assert!((50..5000).contains(&start.elapsed().as_millis()));
    }
}
