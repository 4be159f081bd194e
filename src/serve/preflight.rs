//! What a server needs of its machine, tried before it says READY.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tempfile::TempDir;

use super::{ServeError, folder::ENGINE_FOLDER};

/// Files and connections that a server of one slot has open: the engine moves three of the worker's to 99 and above, and clients come on top.
const DESCRIPTORS: u64 = 160;

/// Files and sockets that one more slot needs.
const DESCRIPTORS_A_SLOT: u64 = 6;

/// What is written to see whether a disk is full.
const PROBE: [u8; 4096] = [0; 4096];

/// Looks at the limit of open files, raises it as far as it is too low, and makes the folder for everything temporary.
pub(super) fn prepare(slots: usize) -> Result<TempDir, ServeError> {
    check_descriptors(slots)?;
    check_folder(Path::new(ENGINE_FOLDER))?;
    make_temporary(&std::env::temp_dir())
}

fn check_descriptors(slots: usize) -> Result<(), ServeError> {
    let needed = DESCRIPTORS.saturating_add(DESCRIPTORS_A_SLOT.saturating_mul(slots as u64));
    // Where it cannot be asked, it is not known to be too low.
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return Ok(()) };
    if soft >= needed || (hard >= needed && setrlimit(Resource::RLIMIT_NOFILE, needed.max(1024).min(hard), hard).is_ok()) {
        return Ok(());
    }
    Err(ServeError::Descriptors { found: soft, expected: needed })
}

/// Makes the engine's folder, and a file in it for a moment.
fn check_folder(folder: &Path) -> Result<(), ServeError> {
    let tried = fs::create_dir_all(folder).and_then(|()| {
        let probe = tempfile::Builder::new().prefix("cog-kit-").tempdir_in(folder)?;
        try_to_write(probe.path())
    });
    tried.map_err(|source| unwritable(folder, source))
}

fn make_temporary(parent: &Path) -> Result<TempDir, ServeError> {
    let made = tempfile::Builder::new().prefix("cog-kit-").tempdir_in(parent).and_then(|folder| {
        try_to_write(folder.path())?;
        Ok(folder)
    });
    made.map_err(|source| unwritable(parent, source))
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let path = folder.join("probe");
    let mut file = File::create(&path)?;
    file.write_all(&PROBE)?;
    drop(file);
    fs::remove_file(path)
}

fn unwritable(folder: &Path, source: io::Error) -> ServeError {
    ServeError::Unwritable { folder: PathBuf::from(folder), source }
}
