//! Removes what predictions leave behind, on a thread of its own: on some disks that takes longer than a prediction.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Instant,
};

use tempfile::TempDir;

use super::folder::EngineFolder;
use crate::input::Path;

/// So many predictions may wait to be cleaned up after. Beyond, a prediction cleans up itself.
const BACKLOG: usize = 2048;

/// What a prediction left behind; it is removed when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    pub(super) scratch: Option<TempDir>,
    pub(super) files: Vec<Path>,
    pub(super) folder: Option<EngineFolder>,
}

pub(super) struct Janitor {
    sender: SyncSender<Leftovers>,
    waiting: Arc<Waiting>,
}

/// What waits to be removed, or is being removed now.
#[derive(Default)]
struct Waiting {
    state: Mutex<Backlog>,
    removed: Condvar,
}

#[derive(Default)]
struct Backlog {
    count: usize,
    /// The ids whose folders are part of it, and how many for each.
    ids: HashMap<String, usize>,
}

impl Backlog {
    fn add(&mut self, id: Option<&str>) {
        self.count += 1;
        if let Some(id) = id {
            *self.ids.entry(id.to_owned()).or_default() += 1;
        }
    }

    fn subtract(&mut self, id: Option<&str>) {
        self.count -= 1;
        if let Some(id) = id
            && let Some(count) = self.ids.get_mut(id)
        {
            *count -= 1;
            if *count == 0 {
                self.ids.remove(id);
            }
        }
    }
}

impl Waiting {
    fn state(&self) -> MutexGuard<'_, Backlog> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, leftovers: Leftovers) {
        let id = leftovers.folder.as_ref().map(|folder| folder.id().to_owned());
        drop(leftovers);
        self.state().subtract(id.as_deref());
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
        self.waiting.state().add(leftovers.folder.as_ref().map(EngineFolder::id));
        if let Err(TrySendError::Full(leftovers) | TrySendError::Disconnected(leftovers)) = self.sender.try_send(leftovers) {
            self.waiting.remove(leftovers);
        }
    }

    /// Waits until nothing is about to remove the folder of a new prediction: an id may come again.
    pub(super) fn make_way(&self, folder: &EngineFolder) {
        let state = self.waiting.state();
        if state.ids.contains_key(folder.id()) {
            drop(self.waiting.removed.wait_while(state, |state| state.ids.contains_key(folder.id())));
            folder.restore();
        }
    }

    /// Waits until everything that was taken is removed, with or without a folder of the engine's, but not past the deadline.
    pub(super) fn finish(&self, deadline: Instant) {
        let limit = deadline.saturating_duration_since(Instant::now());
        drop(self.waiting.removed.wait_timeout_while(self.waiting.state(), limit, |state| state.count > 0));
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
    fn everything_taken_is_gone_when_it_has_finished_also_what_has_no_folder() {
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
        janitor.waiting.state().add(None);
        let start = Instant::now();
        janitor.finish(start + Duration::from_millis(50));
        assert!((50..5000).contains(&start.elapsed().as_millis()));
    }

    #[test]
    fn an_id_that_comes_again_waits_for_its_folder_alone() {
        let janitor = Janitor::start().unwrap();
        let id = format!("janitor-{}", std::process::id());
        let folder = || EngineFolder::of(&id);
        folder().restore();
        janitor.take(Leftovers { scratch: Some(slow()), folder: Some(folder()), ..Leftovers::default() });
        janitor.take(Leftovers { scratch: Some(slow()), ..Leftovers::default() });
        janitor.make_way(&folder());
        assert!(!janitor.waiting.state().ids.contains_key(&id));
        janitor.finish(Instant::now() + Duration::from_secs(60));
    }
}
