//! The engine's folder of a prediction, which it makes and never removes.

use std::{
    fs,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

/// Where the engine keeps large inputs and outputs, and files on their way to the client.
const ENGINES_FOLDER: &str = "/tmp/coglet/predictions";

/// The folder that the engine made for one prediction; what is in it is removed when this is dropped.
#[derive(Debug)]
pub(super) struct EngineFolder {
    id: String,
    folder: PathBuf,
    /// An id such as `../x` leads out of the engine's folder: nothing is removed there but folders that are empty.
    inside: bool,
}

impl EngineFolder {
    pub(super) fn of(id: &str) -> Self {
        let mut components = Path::new(id).components();
        let inside = matches!((components.next(), components.next()), (Some(Component::Normal(_)), None));
        Self { id: id.to_owned(), folder: Path::new(ENGINES_FOLDER).join(id), inside }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Makes it again, if it was removed after the engine made it.
    pub(super) fn restore(&self) {
        // Without it only large outputs fail, and say so.
        let _ = fs::create_dir_all(self.folder.join("outputs"));
    }

    /// Whether an output waits in it to be read.
    pub(super) fn is_in_use(&self) -> bool {
        fs::read_dir(self.folder.join("outputs")).is_ok_and(|mut files| files.next().is_some())
    }
}

impl Drop for EngineFolder {
    fn drop(&mut self) {
        // Mostly all three are empty, and this is the quickest way. Whatever is gone already need not be removed.
        let mut last = Ok(());
        for folder in [self.folder.join("outputs"), self.folder.join("inputs"), self.folder.clone()] {
            last = fs::remove_dir(folder);
        }
        if self.inside && last.is_err_and(|error| error.kind() != ErrorKind::NotFound) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_leads_elsewhere_is_told_from_one_that_does_not() {
        for (id, inside) in [("a", true), ("pred_1", true), ("..", false), ("../a", false), ("a/b", false), ("/a", false), ("", false)] {
            assert_eq!(std::mem::ManuallyDrop::new(EngineFolder::of(id)).inside, inside, "{id:?}");
        }
    }

    #[test]
    fn folders_of_others_survive_an_id_that_leads_to_them() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("theirs");
        fs::create_dir_all(target.join("outputs")).unwrap();
        fs::write(target.join("kept"), "x").unwrap();
        drop(EngineFolder::of(target.to_str().unwrap()));
        assert!(target.join("kept").exists());
        assert!(!target.join("outputs").exists());
    }
}
