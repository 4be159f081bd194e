//! Where a picture comes from: a path, or the bytes of a file.

use std::path::PathBuf;

use cog_kit::image::{ImageError, Limits, Source};
use pyo3::{Borrowed, exceptions::PyTypeError, prelude::*, pybacked::PyBackedBytes};

/// A path or the bytes of a file, ready to be read without the GIL.
pub(crate) enum PictureSource {
    Path(PathBuf),
    Bytes(PyBackedBytes),
}

impl PictureSource {
    /// Reads the header; bytes are borrowed, not copied.
    pub(crate) fn open(&self) -> Result<Source<'_>, ImageError> {
        match self {
            Self::Path(path) => Source::open(path, &Limits::default()),
            Self::Bytes(bytes) => Source::new(bytes.as_ref(), &Limits::default()),
        }
    }
}

impl FromPyObject<'_, '_> for PictureSource {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.extract::<PyBackedBytes>() {
            return Ok(Self::Bytes(bytes));
        }
        if let Ok(path) = object.extract::<PathBuf>() {
            return Ok(Self::Path(path));
        }
        let kind = object.get_type().name()?;
        Err(PyTypeError::new_err(format!("a picture is given as str, os.PathLike, bytes or bytearray, found {kind}")))
    }
}
