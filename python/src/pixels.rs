//! Pixels that other libraries read in place.

use std::sync::{Arc, OnceLock};

use cog_kit::image::{self, Channels, Layout, Size};
use pyo3::{
    intern,
    prelude::*,
    types::{PyBytes, PyCapsule, PyDict, PyTuple},
};

use crate::{
    error::raise,
    info::pair,
    share::{Export, arrow},
    tensor::{CPU, PyTensor, check_dlpack, normalize},
};

/// Whose pixels are shown.
pub(crate) enum Held {
    Prepared(Arc<image::Prepared>),
    Pixels(image::Pixels),
}

impl Held {
    pub(crate) fn pixels(&self) -> &image::Pixels {
        match self {
            Self::Prepared(prepared) => prepared.pixels(),
            Self::Pixels(pixels) => pixels,
        }
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.pixels().as_bytes()
    }
}

/// Pixels in memory: `(H, W, C)` uint8, or `(H, W)` for one channel.
///
/// `numpy.asarray(pixels)`, `torch.from_dlpack(pixels)` and `pixels.pil()` share this object's memory.
#[pyclass(frozen, subclass, name = "Pixels", module = "cog_kit")]
pub(crate) struct PyPixels {
    held: Arc<Held>,
    /// The same with four bytes a pixel, as Pillow keeps RGB.
    wide: OnceLock<Arc<Vec<u8>>>,
}

impl PyPixels {
    pub(crate) fn new(held: Held) -> Self {
        Self { held: Arc::new(held), wide: OnceLock::new() }
    }

    pub(crate) fn pixels(&self) -> &image::Pixels {
        self.held.pixels()
    }

    /// The ICC profile of the pixels' colors; none for sRGB.
    pub(crate) fn profile(&self) -> Option<Arc<[u8]>> {
        match self.held.as_ref() {
            Held::Prepared(prepared) => prepared.icc_profile(),
            Held::Pixels(_) => None,
        }
    }

    fn shape(&self) -> Vec<usize> {
        let Size { width, height } = self.pixels().size();
        let mut shape = vec![height as usize, width as usize];
        match self.pixels().channels() {
            Channels::Luma => {}
            channels => shape.push(channels.count()),
        }
        shape
    }

    /// Pillow's name for what a pixel holds.
    fn mode(&self) -> &'static str {
        mode(self.pixels().channels())
    }

    /// RGB pixels with a fourth byte each; made once.
    pub(crate) fn widened(&self) -> Arc<Vec<u8>> {
        let widen = || {
            let pixels = self.pixels().as_bytes().as_chunks::<3>().0;
            Arc::new(pixels.iter().flat_map(|&[red, green, blue]| [red, green, blue, 255]).collect())
        };
        Arc::clone(self.wide.get_or_init(widen))
    }
}

/// Pillow's name for what a pixel holds.
pub(crate) const fn mode(channels: Channels) -> &'static str {
    match channels {
        Channels::Luma => "L",
        Channels::LumaAlpha => "LA",
        Channels::Rgb => "RGB",
        Channels::Rgba => "RGBA",
    }
}

#[pymethods]
impl PyPixels {
    /// Width in pixels.
    #[getter]
    fn width(&self) -> u32 {
        self.pixels().size().width
    }

    /// Height in pixels.
    #[getter]
    fn height(&self) -> u32 {
        self.pixels().size().height
    }

    /// `(width, height)` in pixels.
    #[getter]
    fn size(&self) -> (u32, u32) {
        pair(self.pixels().size())
    }

    /// The pixels as a C-contiguous array `(H, W, C)`, or `(H, W)` for one channel, of uint8 that shares this object's memory, and is therefore read-only.
    ///
    /// Raises `ModuleNotFoundError` if numpy is not installed.
    pub(crate) fn numpy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("numpy")?.call_method1("asarray", (slf,))
    }

    /// The pixels as a `PIL.Image.Image` of mode L, LA, RGB or RGBA. With Pillow 11.2.1 or later L, RGB and RGBA share memory, which Pillow copies
    /// before it writes; RGB takes four bytes a pixel there, which are made by the first call, or before with `prepare(…, ready_for="pil")`.
    ///
    /// Raises `ModuleNotFoundError` if Pillow is not installed.
    pub(crate) fn pil<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        let module = py.import("PIL.Image")?;
        let (mode, size) = (this.mode(), this.size());
        if mode == "LA" || !module.hasattr(intern!(py, "fromarrow"))? {
            return module.call_method1(intern!(py, "frombytes"), (mode, size, this.tobytes(py)));
        }
        let picture = module.call_method1(intern!(py, "fromarrow"), (slf, mode, size))?;
        picture.setattr(intern!(py, "readonly"), 1)?;
        Ok(picture)
    }

    /// The pixels as float32 numbers, `(C, H, W)` with `layout="CHW"` or `(H, W, C)` with `"HWC"`, made in one pass.
    ///
    /// 0–255 becomes `range` (low, high), or 0–1 less `mean` divided by `std` (of red, green, blue); 0–1 if none is given.
    ///
    /// Raises `ValueError` for both, for one of `mean` and `std` without the other, and `ImageError` for a mean of other than three channels.
    #[pyo3(signature = (layout="CHW", *, range=None, mean=None, std=None))]
    fn tensor(
        &self,
        py: Python<'_>,
        layout: &str,
        range: Option<(f32, f32)>,
        mean: Option<[f32; 3]>,
        std: Option<[f32; 3]>,
    ) -> PyResult<PyTensor> {
        let normalize = normalize(range, mean, std)?;
        let tensor = py.detach(|| Layout::from_name(layout).and_then(|layout| self.pixels().to_tensor(layout, normalize)));
        tensor.map(PyTensor::from).map_err(|error| raise(py, error))
    }

    /// The pixels as packed bytes, `(H, W, C)`; a copy.
    fn tobytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.pixels().as_bytes())
    }

    /// What numpy reads in order to share the memory.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("shape", PyTuple::new(py, self.shape())?)?;
        interface.set_item("typestr", "|u1")?;
        // The address outlives the array: numpy keeps this object, which is never changed.
        interface.set_item("data", (self.pixels().as_bytes().as_ptr().expose_provenance(), true))?;
        Ok(interface)
    }

    /// What Pillow calls in order to share the memory; one byte an element for one channel, else lists of four.
    ///
    /// Raises `BufferError` for two channels.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // Another schema is asked for at best effort; there is one.
        drop(requested_schema);
        match self.pixels().channels() {
            Channels::Rgb => arrow(py, py.detach(|| self.widened()), 4),
            channels => arrow(py, Arc::clone(&self.held), channels.count()),
        }
    }

    /// What `torch.from_dlpack` and its kin call in order to share the memory, which is not to be written to.
    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__<'py>(
        &self,
        py: Python<'py>,
        stream: Option<Bound<'py, PyAny>>,
        max_version: Option<(u32, u32)>,
        dl_device: Option<(i32, i32)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        check_dlpack(stream.as_ref(), dl_device, copy)?;
        Export::bytes(Arc::clone(&self.held), &self.shape()).into_dlpack(py, max_version)
    }

    /// DLPack's name for the memory of the CPU.
    #[expect(clippy::unused_self, reason = "Python calls it on an object")]
    fn __dlpack_device__(&self) -> (i32, i32) {
        CPU
    }

    fn __repr__(&self) -> String {
        format!("<cog_kit.Pixels {} {}>", self.mode(), self.pixels().size())
    }
}
