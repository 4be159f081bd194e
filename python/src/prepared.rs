//! A prepared picture, as Python sees it.

use cog_kit::image;
use pyo3::{prelude::*, types::PyDict};

/// A picture that a model can take: upright, opaque, 8-bit RGB.
///
/// `numpy.asarray(picture)` is an array `(H, W, 3)` of uint8 that shares this object's memory.
#[pyclass(frozen, module = "cog_kit")]
pub(crate) struct Prepared(image::Prepared);

impl From<image::Prepared> for Prepared {
    fn from(prepared: image::Prepared) -> Self {
        Self(prepared)
    }
}

#[pymethods]
impl Prepared {
    /// Width in pixels.
    #[getter]
    fn width(&self) -> u32 {
        self.0.size().width
    }

    /// Height in pixels.
    #[getter]
    fn height(&self) -> u32 {
        self.0.size().height
    }

    /// `(width, height)` in pixels.
    #[getter]
    fn size(&self) -> (u32, u32) {
        (self.width(), self.height())
    }

    /// `(width, height)` of the picture that was prepared, upright, in pixels.
    #[getter]
    fn source_size(&self) -> (u32, u32) {
        let size = self.0.source_size();
        (size.width, size.height)
    }

    /// The pixels as a C-contiguous array `(H, W, 3)` of uint8 that shares this object's memory, and is therefore read-only.
    ///
    /// Raises `ModuleNotFoundError` if numpy is not installed.
    fn numpy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("numpy")?.call_method1("asarray", (slf,))
    }

    /// The pixels as packed bytes, `(H, W, 3)`; a copy.
    fn tobytes(&self) -> &[u8] {
        self.0.pixels().as_bytes()
    }

    /// What numpy reads in order to share the memory.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("shape", (self.height(), self.width(), 3))?;
        interface.set_item("typestr", "|u1")?;
        // The address outlives the array: numpy keeps this object, which is never changed.
        interface.set_item("data", (self.0.pixels().as_bytes().as_ptr().addr(), true))?;
        Ok(interface)
    }

    fn __repr__(&self) -> String {
        let (size, source) = (self.0.size(), self.0.source_size());
        format!("<cog_kit.Prepared {size} from {} {source}>", self.0.info().format)
    }
}
