//! The engine's folders, one for each prediction, which it makes and never removes.
//!
//! The engine joins the prediction's id to its own folder without looking at it, so an id may name a folder anywhere, and two ids may name the same one.
//! Uses are therefore counted by the folder that an id leads to, and nothing outside of the engine's own folder is ever touched.

use std::{
    collections::{BTreeSet, HashMap},
    ffi::{OsStr, OsString},
    fs, io,
    path::{Component, Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::Notify, task::spawn_blocking};

/// Where the engine keeps large inputs on their way to the worker.
pub(super) const ENGINE_FOLDER: &str = "/tmp/coglet/predictions";

/// What the engine makes in the folder of a prediction.
const INNER: [&str; 2] = ["outputs", "inputs"];

/// Beginning of the names of files that the engine writes there.
const SPILL: &str = "spill_";

/// The folders in use now.
pub(super) struct Folders {
    root: PathBuf,
    uses: Mutex<HashMap<OsString, Use>>,
    removed: Notify,
}

/// Uses of one folder directly below the engine's own.
#[derive(Default)]
struct Use {
    count: usize,
    /// The folders of predictions in it; mostly it is one itself.
    folders: BTreeSet<PathBuf>,
    removing: bool,
}

impl Folders {
    pub(super) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), uses: Mutex::default(), removed: Notify::new() }
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<OsString, Use>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more prediction with this id, once nothing is about to remove its folder, and makes the folder.
    ///
    /// # Errors
    /// The folder cannot be made; it is counted all the same.
    pub(super) async fn take(&self, id: &str) -> io::Result<()> {
        if let Some((key, folder)) = self.inside(id) {
            loop {
                let removed = self.removed.notified();
                tokio::pin!(removed);
                removed.as_mut().enable();
                if self.try_take(&key, &folder) {
                    break;
                }
                removed.await;
            }
        }
        let folder = self.root.join(id);
        INNER.iter().try_for_each(|inner| fs::create_dir_all(folder.join(inner)))
    }

    fn try_take(&self, key: &OsStr, folder: &Path) -> bool {
        let mut uses = self.uses();
        let entry = uses.entry(key.to_owned()).or_default();
        if entry.removing {
            return false;
        }
        entry.count += 1;
        entry.folders.insert(folder.to_owned());
        true
    }

    /// Counts one prediction less, and removes the folder after the last.
    pub(super) async fn release(&self, id: &str) {
        let Some((key, _)) = self.inside(id) else { return };
        let folders = {
            let mut uses = self.uses();
            let Some(entry) = uses.get_mut(&key) else { return };
            entry.count = entry.count.saturating_sub(1);
            if entry.count > 0 {
                return;
            }
            entry.removing = true;
            entry.folders.clone()
        };
        let root = self.root.clone();
        // If the runtime ends before that, the folders are still in the table, and `sweep` removes them.
        let _ = spawn_blocking(move || remove_all(&root, &folders)).await;
        self.uses().remove(&key);
        self.removed.notify_waiters();
    }

    /// Removes every folder that is in use, when nothing runs any more.
    pub(super) fn sweep(&self) {
        for entry in self.uses().drain().map(|(_, entry)| entry) {
            remove_all(&self.root, &entry.folders);
        }
    }

    /// The folder directly below the engine's own, and the prediction's own in it, if the id leads inside.
    fn inside(&self, id: &str) -> Option<(OsString, PathBuf)> {
        let folder = resolved(&self.root.join(id));
        let key = folder.strip_prefix(&self.root).ok()?.components().next()?.as_os_str().to_owned();
        Some((key, folder))
    }
}

/// Removes the folder of a prediction whose server is gone.
pub(super) fn remove_orphaned(id: &str) {
    let folders = Folders::new(ENGINE_FOLDER);
    if let Some((_, folder)) = folders.inside(id) {
        remove(&folders.root, &folder);
    }
}

/// The path without `.` and `..`.
fn resolved(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    resolved
}

fn remove_all(root: &Path, folders: &BTreeSet<PathBuf>) {
    // The innermost come last in the order of paths.
    for folder in folders.iter().rev() {
        for folder in folder.ancestors().take_while(|folder| *folder != root) {
            remove(root, folder);
        }
    }
}

/// Removes what the engine has made in a folder, and the folder if nothing else is in it.
fn remove(root: &Path, folder: &Path) {
    // A link may lead out of the engine's folder.
    let (Ok(real_root), Ok(real), Ok(below)) = (root.canonicalize(), folder.canonicalize(), folder.strip_prefix(root)) else { return };
    if real != real_root.join(below) {
        return;
    }
    for inner in INNER.map(|name| folder.join(name)) {
        // Mostly it is empty, and this is the quickest way.
        if fs::symlink_metadata(&inner).is_ok_and(|found| found.is_dir()) && fs::remove_dir(&inner).is_err() {
            remove_spills(&inner);
            let _ = fs::remove_dir(&inner);
        }
    }
    let _ = fs::remove_dir(folder);
}

/// Removes the files that the engine writes.
fn remove_spills(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(SPILL) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn an_id_that_leads_elsewhere_is_told_from_one_that_does_not() {
        let folders = Folders::new("/tmp/engine");
        let cases = [
            ("a", Some("a")),
            ("./a/.", Some("a")),
            ("b/../a", Some("a")),
            ("/tmp/engine/a", Some("a")),
            ("a/b", Some("a")),
            ("é", Some("é")),
            ("..", None),
            ("../a", None),
            ("/a", None),
            ("", None),
            (".", None),
            ("a/..", None),
        ];
        for (id, expected) in cases {
            assert_eq!(folders.inside(id).map(|(key, _)| key), expected.map(OsString::from), "{id:?}");
        }
    }

    #[test]
    fn a_folder_stays_for_as_long_as_one_prediction_uses_it_by_whatever_name() {
        let place = tempfile::tempdir().unwrap();
        let folders = Folders::new(place.path());
        block_on(async {
            folders.take("a").await.unwrap();
            folders.take("./a").await.unwrap();
            folders.take("a/inputs").await.unwrap();
            fs::write(place.path().join("a/inputs/spill_1.json"), "x").unwrap();
            folders.release("a").await;
            folders.release("a/inputs").await;
            assert!(place.path().join("a/inputs/spill_1.json").exists());
            folders.release("./a").await;
        });
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_outside_of_the_engines_folder_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let (root, theirs) = (place.path().join("engine"), place.path().join("theirs"));
        fs::create_dir_all(&root).unwrap();
        for inner in INNER {
            fs::create_dir_all(theirs.join(inner)).unwrap();
        }
        std::os::unix::fs::symlink(&theirs, root.join("link")).unwrap();
        let folders = Folders::new(&root);
        for id in ["../theirs", theirs.to_str().unwrap(), "link", "link/."] {
            block_on(async {
                folders.take(id).await.unwrap();
                folders.release(id).await;
            });
            assert!(INNER.iter().all(|inner| theirs.join(inner).is_dir()), "{id}");
        }
    }

    #[test]
    fn what_the_engine_has_not_made_stays() {
        let place = tempfile::tempdir().unwrap();
        let folders = Folders::new(place.path());
        block_on(async {
            folders.take("a").await.unwrap();
            fs::write(place.path().join("a/outputs/kept"), "x").unwrap();
            folders.release("a").await;
        });
        assert!(place.path().join("a/outputs/kept").exists());
    }

    #[test]
    fn a_sweep_removes_what_is_still_in_use() {
        let place = tempfile::tempdir().unwrap();
        let folders = Folders::new(place.path());
        block_on(folders.take("a/b")).unwrap();
        folders.sweep();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
