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
    let folder = root().join("../shared/conformance/models");
    folder.is_dir().then_some(folder)
}
