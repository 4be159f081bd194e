//! What the header of a picture says, as Python sees it.

use cog_kit::image::{Info, Limits, Size};
use pyo3::prelude::*;

use crate::{error::raise, limits::PyLimits, source::PictureSource};

/// What was found in a picture's file; read from its header, and completed while it was decoded.
#[pyclass(frozen, name = "Info", module = "cog_kit")]
pub(crate) struct PyInfo(pub Info);

/// Width and height, as Python writes sizes.
pub(crate) const fn pair(size: Size) -> (u32, u32) {
    (size.width, size.height)
}

#[pymethods]
impl PyInfo {
    /// The format, told by the content: `JPEG`, `PNG`, `WebP`, …
    #[getter]
    fn format(&self) -> &'static str {
        self.0.format.name()
    }

    /// `(width, height)` in pixels, upright.
    #[getter]
    fn size(&self) -> (u32, u32) {
        pair(self.0.size())
    }

    /// `(width, height)` in pixels, as stored.
    #[getter]
    fn stored_size(&self) -> (u32, u32) {
        pair(self.0.stored_size)
    }

    /// EXIF's number for how the stored pixels must be turned, 1 to 8; 1 is upright.
    #[getter]
    fn orientation(&self) -> u8 {
        self.0.orientation.to_exif()
    }

    /// Bits in a sample as stored: 1 to 16.
    #[getter]
    fn bit_depth(&self) -> u8 {
        self.0.bit_depth
    }

    /// Whether any pixel may be transparent.
    #[getter]
    fn has_alpha(&self) -> bool {
        self.0.has_alpha
    }

    /// Frames in the file; 1 for a still picture.
    #[getter]
    fn frames(&self) -> u32 {
        self.0.frames
    }

    /// The name of the colour profile in the file, such as `Display P3`; empty if it has no name, None if there is no profile.
    #[getter]
    fn profile(&self) -> Option<&str> {
        self.0.profile.as_deref()
    }

    /// What was noticed and passed over, as stable names: `truncated`, `profile_ignored`, …
    #[getter]
    fn warnings(&self) -> Vec<&'static str> {
        self.0.warnings.iter().map(|warning| warning.code()).collect()
    }

    fn __repr__(&self) -> String {
        format!("<cog_kit.Info {} {}>", self.0.format, self.0.size())
    }
}

/// What a picture's header says; nothing is decoded. `source` and `limits` are as in `prepare`, and so is what is raised.
#[pyfunction]
#[pyo3(signature = (source, *, limits=None))]
pub(crate) fn info(py: Python<'_>, source: &Bound<'_, PyAny>, limits: Option<&Bound<'_, PyLimits>>) -> PyResult<PyInfo> {
    let limits = limits.map_or_else(Limits::default, |limits| limits.get().0);
    let source = PictureSource::read(source, &limits)?;
    py.detach(|| source.open(&limits).map(|picture| picture.info().clone())).map(PyInfo).map_err(|error| raise(py, error))
}
