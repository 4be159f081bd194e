//! A prepared picture, as Python sees it.

use std::{sync::Arc, time::Duration};

use cog_kit::image::{self, Frames, ImageError, Point, Prepare, Region, Restore, Size, WayUp};
use pyo3::{exceptions::PyTypeError, exceptions::PyValueError, prelude::*, types::PyBytes};

use crate::{
    error::raise,
    given::{Given, TAKEN},
    info::{PyInfo, pair},
    options::{Options, ReadyFor, pixels, size},
    pixels::{Held, PyPixels},
    source::PictureSource,
};

/// A picture that a model can take: upright, 8-bit RGB, `(H, W, 3)`, opaque; `(H, W, 4)` with `alpha="keep"`.
///
/// `numpy.asarray(picture)`, `torch.from_dlpack(picture)` and `picture.pil()` share this object's memory.
#[pyclass(frozen, extends = PyPixels, name = "Prepared", module = "cog_kit")]
pub(crate) struct PyPrepared {
    prepared: Arc<image::Prepared>,
    /// Its number in the file.
    index: u32,
    duration: Duration,
}

impl PyPrepared {
    fn new(py: Python<'_>, prepared: image::Prepared, (index, duration): (u32, Duration), ready_for: ReadyFor) -> PyResult<Py<Self>> {
        let prepared = Arc::new(prepared);
        let pixels = PyPixels::new(Held::Prepared(Arc::clone(&prepared)));
        if ready_for == ReadyFor::Pil && pixels.pixels().channels() == image::Channels::Rgb {
            py.detach(|| pixels.widened());
        }
        Py::new(py, PyClassInitializer::from(pixels).add_subclass(Self { prepared, index, duration }))
    }

    pub(crate) fn prepared(&self) -> &image::Prepared {
        &self.prepared
    }

    fn way_back(&self, way_up: &str, enlarged: i64) -> PyResult<Restore> {
        let way_up = Python::attach(|py| WayUp::from_name(way_up).map_err(|error| raise(py, error)))?;
        Ok(self.prepared.restore().enlarged(pixels("enlarged", enlarged)?).way_up(way_up))
    }
}

/// Prepares one picture, without the GIL.
pub(crate) fn prepare(py: Python<'_>, source: &Bound<'_, PyAny>, options: &Options) -> PyResult<Py<PyPrepared>> {
    let source = PictureSource::read(source, &options.limits)?;
    let prepared = py.detach(|| source.open(&options.limits).and_then(|picture| options.prepare.apply(&picture)));
    PyPrepared::new(py, prepared.map_err(|error| raise(py, error))?, (0, Duration::ZERO), options.ready_for)
}

/// Prepares the wanted frames of one animation, without the GIL.
pub(crate) fn frames(py: Python<'_>, source: &Bound<'_, PyAny>, which: Frames, options: &Options) -> PyResult<Vec<Py<PyPrepared>>> {
    let source = PictureSource::read(source, &options.limits)?;
    let frames = py.detach(|| source.open(&options.limits).and_then(|picture| options.prepare.apply_frames(&picture, which)));
    let frames = frames.map_err(|error| raise(py, error))?.into_iter();
    frames.map(|frame| PyPrepared::new(py, frame.prepared, (frame.index, frame.duration), options.ready_for)).collect()
}

#[pymethods]
impl PyPrepared {
    /// `(width, height)` of the picture that was prepared, upright, in pixels.
    #[getter]
    fn source_size(&self) -> (u32, u32) {
        pair(self.prepared.source_size())
    }

    /// What was found in the file, and what was passed over while decoding it.
    #[getter]
    fn info(&self) -> PyInfo {
        PyInfo(self.prepared.info().clone())
    }

    /// The number of this frame in its file, from 0.
    #[getter]
    fn index(&self) -> u32 {
        self.index
    }

    /// How long this frame is shown, in seconds; 0 for a still picture.
    #[getter]
    fn duration(&self) -> f64 {
        self.duration.as_secs_f64()
    }

    /// The ICC profile of the colours, with `colours="file"`; None for sRGB.
    #[getter]
    fn icc_profile<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.prepared.icc_profile().map(|profile| PyBytes::new(py, &profile))
    }

    /// How much of the picture is seen at each pixel, `(H, W)` uint8, with `alpha="split"`: 255 where it is opaque, 0 in padding. Else None.
    #[getter]
    fn alpha(&self) -> Option<PyPixels> {
        self.prepared.alpha().map(|alpha| PyPixels::new(Held::Pixels(alpha.clone())))
    }

    /// A result of the model in the original's geometry, `(H, W, C)` uint8 of `source_size`: padding, cropping and scaling undone.
    ///
    /// `result` may have any size and is given back as what it is: Pixels, a PIL image, a numpy array or a torch tensor; uint8, or bool for a mask.
    /// With `kind="picture"` it is resampled by Lanczos, and the background shows where the model saw nothing; with `"mask"`, the default for bool,
    /// every pixel is one of the result's, and 0 where the model saw nothing. `way_up="stored"` gives it as the file stores its pixels, not upright;
    /// `enlarged=4` four times as large; `over=source` lays a picture over the original, so that what was cut off stays as it was.
    ///
    /// Raises `TypeError` for another kind of result, `ImageError` for one that does not fit.
    #[pyo3(signature = (result, *, kind=None, way_up="upright", enlarged=1, over=None))]
    fn restore<'py>(
        &self,
        py: Python<'py>,
        result: &Bound<'py, PyAny>,
        kind: Option<&str>,
        way_up: &str,
        enlarged: i64,
        over: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let way_back = self.way_back(way_up, enlarged)?;
        let given = Given::read(result, None)?.ok_or_else(|| wrong(result, TAKEN))?;
        let is_mask = match kind {
            None => given.is_bool,
            Some("picture") => false,
            Some("mask") => true,
            Some(found) => return Err(PyValueError::new_err(format!("found kind `{found}`, expected one of picture, mask"))),
        };
        let limits = image::Limits::default();
        let over = match over {
            Some(_) if is_mask => return Err(PyValueError::new_err("found `over` for a mask, expected it for a picture alone")),
            Some(over) => Some(PictureSource::read(over, &limits)?),
            None => None,
        };
        let restored = py.detach(|| match over {
            Some(over) => way_back.picture_over(&given.pixels, upright(&over, &limits, way_back)?),
            None if is_mask => way_back.mask(&given.pixels),
            None => way_back.picture(&given.pixels),
        });
        given.give_back(py, restored.map_err(|error| raise(py, error))?)
    }

    /// Boxes of the model's result, `(N, 4)` as left, top, right, bottom in pixels, on the original.
    ///
    /// They are measured on the prepared picture, or on a result of size `measured_on`. A numpy array or a torch tensor comes back as one of float64,
    /// anything else as a list of tuples. `outside="clip"` cuts off what lies in the padding; `way_up` and `enlarged` are as in `restore`.
    #[pyo3(signature = (boxes, *, way_up="upright", enlarged=1, measured_on=None, outside="keep"))]
    fn restore_boxes<'py>(
        &self,
        boxes: &Bound<'py, PyAny>,
        way_up: &str,
        enlarged: i64,
        measured_on: Option<(i64, i64)>,
        outside: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let way_back = measured(self.way_back(way_up, enlarged)?, measured_on)?;
        let clip = match outside {
            "keep" => None,
            "clip" => Some(way_back.size()),
            found => return Err(PyValueError::new_err(format!("found outside `{found}`, expected one of keep, clip"))),
        };
        let restored = rows::<4>(boxes)?.into_iter().map(|[left, top, right, bottom]| {
            let region = way_back.region(Region::between(Point::new(left, top), Point::new(right, bottom)));
            let region = clip.map_or(region, |size| region.clipped(size));
            (region.left, region.top, region.right(), region.bottom())
        });
        like(boxes, restored.collect::<Vec<_>>(), 4)
    }

    /// Points of the model's result, `(N, 2)` as x, y in pixels, on the original; (0, 0) is the top left corner. As `restore_boxes`.
    #[pyo3(signature = (points, *, way_up="upright", enlarged=1, measured_on=None))]
    fn restore_points<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        way_up: &str,
        enlarged: i64,
        measured_on: Option<(i64, i64)>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let way_back = measured(self.way_back(way_up, enlarged)?, measured_on)?;
        let restored = rows::<2>(points)?.into_iter().map(|[x, y]| {
            let point = way_back.point(Point::new(x, y));
            (point.x, point.y)
        });
        like(points, restored.collect::<Vec<_>>(), 2)
    }

    fn __repr__(&self) -> String {
        format!("<cog_kit.Prepared {} from {} {}>", self.prepared.size(), self.prepared.info().format, self.prepared.source_size())
    }
}

/// The original of a restored picture: upright, as large as what comes out.
fn upright(source: &PictureSource, limits: &image::Limits, way_back: Restore) -> Result<image::Pixels, ImageError> {
    let Size { width, height } = way_back.way_up(WayUp::Upright).size();
    let prepare = Prepare::new().size(width, height).fit(image::Fit::Fill);
    source.open(limits).and_then(|picture| prepare.apply(&picture)).map(image::Prepared::into_pixels)
}

fn measured(way_back: Restore, on: Option<(i64, i64)>) -> PyResult<Restore> {
    Ok(match on {
        Some(on) => way_back.measured_on(size("measured_on", on)?),
        None => way_back,
    })
}

/// Rows of numbers from nested sequences, or from whatever turns itself into such by `tolist()`.
fn rows<const N: usize>(object: &Bound<'_, PyAny>) -> PyResult<Vec<[f64; N]>> {
    let list = if object.hasattr("tolist")? { object.call_method0("tolist")? } else { object.clone() };
    list.extract().map_err(|_| wrong(object, &format!("rows of {N} numbers")))
}

/// Rows of numbers as the kind of object that `given` is.
fn like<'py, T: IntoPyObject<'py>>(given: &Bound<'py, PyAny>, rows: Vec<T>, width: i32) -> PyResult<Bound<'py, PyAny>> {
    let py = given.py();
    let rows = rows.into_pyobject(py)?;
    if !given.hasattr("tolist")? {
        return Ok(rows);
    }
    let module: String = given.get_type().getattr("__module__")?.extract()?;
    let library = py.import(if module.split('.').next() == Some("torch") { "torch" } else { "numpy" })?;
    let make = if library.hasattr("asarray")? { "asarray" } else { "tensor" };
    let options = pyo3::types::PyDict::new(py);
    options.set_item("dtype", library.getattr("float64")?)?;
    library.call_method(make, (rows,), Some(&options))?.call_method1("reshape", (-1, width))
}

fn wrong(object: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    match object.get_type().name() {
        Ok(kind) => PyTypeError::new_err(format!("found {kind}, expected {expected}")),
        Err(error) => error,
    }
}
