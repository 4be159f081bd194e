//! What the guide's tests share.

use std::path::{Path, PathBuf};

/// The crate's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether generated and golden files are to be written instead of compared.
pub(crate) fn bless() -> bool {
    std::env::var_os("COG_KIT_BLESS").is_some()
}

/// The folder of real signatures, when it is there.
pub(crate) fn shared_models() -> Option<PathBuf> {
    shared("conformance/models")
}

/// A folder of data that is kept beside the repository, or beside the folder of its worktrees.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    ["../shared", "../../shared"].map(|shared| root().join(shared).join(path)).into_iter().find(|folder| folder.is_dir())
}
