//! Pixels as the floating-point numbers that a network reads, as Python sees them.

use std::sync::Arc;

use cog_kit::image::{Layout, Normalize, Tensor};
use pyo3::{
    exceptions::{PyBufferError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyDict, PyTuple},
};

use crate::share::{Export, Shared};

/// A picture as float32 numbers, `(C, H, W)` or `(H, W, C)`.
///
/// `torch.from_dlpack(tensor)` and `numpy.asarray(tensor)` share this object's memory and may write to it.
#[pyclass(frozen, name = "Tensor", module = "cog_kit")]
pub(crate) struct PyTensor {
    numbers: Arc<Shared<f32>>,
    shape: [usize; 3],
    layout: Layout,
}

impl From<Tensor> for PyTensor {
    fn from(tensor: Tensor) -> Self {
        let (shape, layout) = (tensor.shape(), tensor.layout());
        Self { numbers: Arc::new(tensor.into_vec().into()), shape, layout }
    }
}

/// How 0–255 becomes a number: by `range`, or by `mean` and `std`; 0 to 1 if none is given.
pub(crate) fn normalize(range: Option<(f32, f32)>, mean: Option<[f32; 3]>, std: Option<[f32; 3]>) -> PyResult<Normalize> {
    match (range, mean, std) {
        (None, None, None) => Ok(Normalize::default()),
        (Some((low, high)), None, None) => Ok(Normalize::Range { low, high }),
        (None, Some(mean), Some(std)) => Ok(Normalize::MeanStd { mean, std }),
        _ => Err(PyValueError::new_err("expected `range`, or `mean` and `std` together, or none of them")),
    }
}

#[pymethods]
impl PyTensor {
    /// The length of each dimension: `(C, H, W)` or `(H, W, C)`.
    #[getter]
    fn shape(&self) -> (usize, usize, usize) {
        self.shape.into()
    }

    /// `CHW` or `HWC`.
    #[getter]
    fn layout(&self) -> String {
        self.layout.name().to_uppercase()
    }

    /// The numbers as a C-contiguous float32 array that shares this object's memory.
    ///
    /// Raises `ModuleNotFoundError` if numpy is not installed.
    fn numpy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("numpy")?.call_method1("asarray", (slf,))
    }

    /// What numpy reads in order to share the memory.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("shape", PyTuple::new(py, self.shape)?)?;
        interface.set_item("typestr", if cfg!(target_endian = "little") { "<f4" } else { ">f4" })?;
        interface.set_item("data", (self.numbers.address(), false))?;
        Ok(interface)
    }

    /// What `torch.from_dlpack` and its kin call in order to share the memory.
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
        Export::floats(Arc::clone(&self.numbers), &self.shape).into_dlpack(py, max_version)
    }

    /// DLPack's name for the memory of the CPU.
    #[expect(clippy::unused_self, reason = "Python calls it on an object")]
    fn __dlpack_device__(&self) -> (i32, i32) {
        CPU
    }

    fn __repr__(&self) -> String {
        format!("<cog_kit.Tensor {} {:?} float32>", self.layout(), self.shape)
    }
}

/// Kind and number of the device that DLPack calls the CPU.
pub(crate) const CPU: (i32, i32) = (1, 0);

/// Refuses what cannot be had: another device, a stream, a copy.
pub(crate) fn check_dlpack(stream: Option<&Bound<'_, PyAny>>, device: Option<(i32, i32)>, copy: Option<bool>) -> PyResult<()> {
    if stream.is_some() || device.is_some_and(|device| device != CPU) || copy == Some(true) {
        return Err(PyBufferError::new_err("memory is offered on the CPU, as it is: without `stream`, another `dl_device` or `copy=True`"));
    }
    Ok(())
}
