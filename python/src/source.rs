//! Where a picture comes from: a path, the bytes of a file, or pixels in memory.

use std::path::PathBuf;

use cog_kit::image::{Encode, ImageError, Limits, Pixels, Source};
use pyo3::{
    exceptions::PyTypeError,
    intern,
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBytes, PyMemoryView},
};

use crate::given::{Given, TAKEN, is_pillow, pillow_file};

/// A source, ready to be read without the GIL.
pub(crate) enum PictureSource {
    Path(PathBuf),
    Bytes(PyBackedBytes),
    Pixels(Pixels),
}

impl PictureSource {
    /// What a Python object stands for. Files that are open are read here, up to the limit.
    pub(crate) fn read(object: &Bound<'_, PyAny>, limits: &Limits) -> PyResult<Self> {
        if let Ok(bytes) = object.extract::<PyBackedBytes>() {
            return Ok(Self::Bytes(bytes));
        }
        if let Ok(path) = object.extract::<PathBuf>() {
            return Ok(Self::Path(path));
        }
        if object.is_instance_of::<PyMemoryView>() {
            return Ok(Self::Bytes(object.call_method0("tobytes")?.extract()?));
        }
        if is_pillow(object)? {
            return Ok(Self::Bytes(PyBackedBytes::from(pillow_file(object)?)));
        }
        if object.hasattr(intern!(object.py(), "read"))? {
            if object.is_instance(&object.py().import("io")?.getattr("TextIOBase")?)? {
                return Err(PyTypeError::new_err("found a file open as text, expected one open as bytes"));
            }
            // One byte more than is allowed, so that a longer file is found too long.
            let content = object.call_method1(intern!(object.py(), "read"), (limits.max_bytes.saturating_add(1),))?;
            return Ok(Self::Bytes(content.cast_into::<PyBytes>()?.into()));
        }
        if let Some(given) = Given::read(object, Some((0.0, 1.0)))? {
            return Ok(Self::Pixels(given.pixels));
        }
        let kind = object.get_type().name()?;
        Err(PyTypeError::new_err(format!(
            "found {kind}, expected a picture as str, os.PathLike, bytes, bytearray, memoryview, an open file, {TAKEN}"
        )))
    }

    /// Reads the header; bytes are borrowed, not copied.
    pub(crate) fn open(&self, limits: &Limits) -> Result<Source<'_>, ImageError> {
        match self {
            Self::Path(path) => Source::open(path, limits),
            Self::Bytes(bytes) => Source::new(bytes.as_ref(), limits),
            Self::Pixels(pixels) => Source::new(Encode::png().to_vec(pixels)?, limits),
        }
    }
}
