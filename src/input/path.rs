//! A local file that a request brought, or that a predictor returns.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempPath;

use crate::schema::Kind;

use super::InputError;
use super::field::{Field, Item, NotOptional, Place};

/// A local file; dereferences to [`std::path::Path`].
///
/// A file that was fetched for a request, or made by [`Path::temporary`], is removed when the last clone is dropped. A path made from a
/// [`PathBuf`] is left alone.
#[derive(Clone)]
pub struct Path(Arc<Kept>);

enum Kept {
    Elsewhere(PathBuf),
    Temporary(TempPath),
}

impl Path {
    /// A new, empty temporary file whose name ends with `suffix`, such as `.webp`.
    ///
    /// # Errors
    /// What the system says when the file cannot be made.
    pub fn temporary(suffix: &str) -> io::Result<Self> {
        Self::create(None, suffix).map(|(_, path)| path)
    }

    /// A new temporary file, open for writing, in `directory` or where the system keeps such files.
    pub(super) fn create(directory: Option<&std::path::Path>, suffix: &str) -> io::Result<(File, Self)> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("").suffix(suffix);
        let file = match directory {
            Some(directory) => builder.tempfile_in(directory),
            None => builder.tempfile(),
        }?;
        let (file, path) = file.into_parts();
        Ok((file, Self(Arc::new(Kept::Temporary(path)))))
    }
}

impl Deref for Path {
    type Target = std::path::Path;

    fn deref(&self) -> &std::path::Path {
        match &*self.0 {
            Kept::Elsewhere(path) => path,
            Kept::Temporary(path) => path,
        }
    }
}

impl AsRef<std::path::Path> for Path {
    fn as_ref(&self) -> &std::path::Path {
        self
    }
}

impl From<PathBuf> for Path {
    fn from(path: PathBuf) -> Self {
        Self(Arc::new(Kept::Elsewhere(path)))
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Field for Path {
    const KIND: Kind = Kind::File;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let Value::String(text) = found else { return Err(place.wrong_type(found, "string")) };
        place.sources.file(text).map_err(|fault| place.error(fault))
    }
}

impl Item for Path {}
impl NotOptional for Path {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_file_lives_as_long_as_its_last_clone() {
        let path = Path::temporary(".txt").unwrap();
        let (clone, place) = (path.clone(), path.to_path_buf());
        drop(path);
        assert!(place.exists());
        drop(clone);
        assert!(!place.exists());
    }

    #[test]
    fn a_file_of_somebody_else_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("kept");
        std::fs::write(&place, "x").unwrap();
        drop(Path::from(place.clone()));
        assert!(place.exists());
    }
}
