//! A local file that a request brought, or that a predictor returns.

use std::fmt;
use std::fs::{File, FileType};
use std::io::{self, Read};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempPath;

use crate::schema::Kind;

use super::field::{Field, Item, NotOptional, Place};
use super::{InputError, data_uri, media_type};

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

    /// The file, open for reading; only if it is a regular one, for reading from others may never end.
    pub(crate) fn open_regular(&self) -> io::Result<File> {
        let kind = std::fs::metadata(self)?.file_type();
        if kind.is_file() {
            return File::open(self);
        }
        Err(io::Error::other(format!("it is {}, expected a regular file", kind_name(kind))))
    }

    /// The content as a `data:` URI; the media type is told by the extension.
    ///
    /// # Errors
    /// What the system says when the file cannot be read.
    pub fn to_data_uri(&self) -> io::Result<String> {
        let mut content = Vec::new();
        self.open_regular()?.read_to_end(&mut content)?;
        Ok(data_uri::data_uri_from_bytes(media_type::media_type(self), &content))
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

/// What a file is that is no regular one.
fn kind_name(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a folder" } else { "a special file" }
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
    fn a_file_becomes_a_data_uri_of_its_type() {
        let directory = tempfile::tempdir().unwrap();
        for (name, expected) in [("a.JPEG", "data:image/jpeg;base64,aGVsbG8="), ("a", "data:application/octet-stream;base64,aGVsbG8=")] {
            let place = directory.path().join(name);
            std::fs::write(&place, "hello").unwrap();
            assert_eq!(Path::from(place).to_data_uri().unwrap(), expected);
        }
        // Reading from it would not end.
        let error = Path::from(PathBuf::from("/dev/zero")).to_data_uri().unwrap_err();
        assert_eq!(error.to_string(), "it is a device, expected a regular file");
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
