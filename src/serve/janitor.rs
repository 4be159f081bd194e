//! Removes what predictions leave behind, on a thread of its own: on some disks that takes longer than a prediction.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use tempfile::TempDir;

use super::folder::EngineFolder;
use crate::input::Path;

/// So many predictions may wait to be cleaned up after. Beyond, a prediction cleans up itself.
const BACKLOG: usize = 2048;

/// Longest wait for the backlog when the worker ends; the engine kills it after 10 s.
const LAST_WAIT: Duration = Duration::from_secs(8);

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

/// The ids whose folders wait to be removed, and how many for each.
#[derive(Default)]
struct Waiting {
    ids: Mutex<HashMap<String, usize>>,
    removed: Condvar,
}

impl Waiting {
    fn ids(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove(&self, leftovers: Leftovers) {
        let id = leftovers.folder.as_ref().map(|folder| folder.id().to_owned());
        drop(leftovers);
        let Some(id) = id else { return };
        let mut ids = self.ids();
        if let Some(count) = ids.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                ids.remove(&id);
            }
        }
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
        if let Some(folder) = &leftovers.folder {
            *self.waiting.ids().entry(folder.id().to_owned()).or_default() += 1;
        }
        if let Err(TrySendError::Full(leftovers) | TrySendError::Disconnected(leftovers)) = self.sender.try_send(leftovers) {
            self.waiting.remove(leftovers);
        }
    }

    /// Waits until nothing is about to remove the folder of a new prediction: an id may come again.
    pub(super) fn make_way(&self, folder: &EngineFolder) {
        let ids = self.waiting.ids();
        if ids.contains_key(folder.id()) {
            drop(self.waiting.removed.wait_while(ids, |ids| ids.contains_key(folder.id())));
            folder.restore();
        }
    }

    /// Waits until everything is removed.
    pub(super) fn finish(&self) {
        drop(self.waiting.removed.wait_timeout_while(self.waiting.ids(), LAST_WAIT, |ids| !ids.is_empty()));
    }
}
