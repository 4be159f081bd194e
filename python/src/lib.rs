//! `cog_kit._native`: converts Python values and delegates to the crate `cog-kit`. No algorithm lives here.
//!
//! Which file next? `source` and `given` say what a picture may come as, `options` what may be asked of it, `pixels` how it is handed over without a
//! copy; `share/` holds the memory that other libraries read; `guide` is the linter.

mod error;
mod given;
mod guide;
mod info;
mod limits;
mod mask;
mod options;
mod pixels;
mod plan_size;
mod prepared;
mod save;
mod share;
mod source;
mod tensor;

use pyo3::{prelude::*, types::PyDict};

use guide::PyFinding;
use info::PyInfo;
use limits::PyLimits;
use options::Options;
use pixels::PyPixels;
use prepared::PyPrepared;
use tensor::PyTensor;

/// Prepares a picture for a model: upright, opaque, 8-bit sRGB, no larger than asked.
///
/// `source` is a path (`str` or `os.PathLike`), the bytes of a file, an open file, a PIL image, or an array or tensor, `(H, W)`, `(H, W, C)` or
/// `(C, H, W)`, of uint8, or of float32 from 0 to 1.
///
/// - `size`: `(width, height)` of the box that the picture goes into; `fit` says how: `cover`, `contain` (padded), `inside`, `outside`, `fill`.
/// - `max_side`, `max_pixels`, `megapixels` (of 1024 × 1024): the most that the result may have; they never enlarge.
/// - `multiple_of`: both sides become multiples of this many pixels; `snap` says how: `crop`, `pad`, `nearest`, `down`, `up`.
/// - `upscale`: whether the box may enlarge: `never`, `allowed`.
/// - `filter`: `lanczos3`, `mitchell`, `catmull-rom`, `bilinear`, `box`, `nearest`; `quality`: how much a decoder may shrink: `fast`, `high`, `exact`.
/// - `background`: what transparent pixels and padding show: `(red, green, blue)`, `#rrggbb` or a word.
/// - `alpha`: `flatten`, `keep` (RGBA), `split` (see `Prepared.alpha`).
/// - `colours`: `srgb`, or those of the `file`, whose profile is then `Prepared.icc_profile`.
/// - `truncated`: a file that ends early: `refuse`, `keep`.
/// - `limits`: what a picture may ask of the machine.
/// - `ready_for`: which hand-over costs nothing: `numpy` (and torch), or `pil` as well, for four bytes a pixel more.
/// - `threads`: how many may work on the picture, 2 by default where the machine has as many. The result is the same; large pictures are
///   there sooner, small ones use one.
///
/// Raises `ImageError` for what is no picture, is damaged or exceeds the limits; `FileNotFoundError` or another `OSError` for a file that cannot be
/// read; `TypeError` for another kind of source or an unknown option; `ValueError` for an option out of range.
#[pyfunction]
#[pyo3(signature = (source, *, threads=None, **options))]
#[pyo3(
    text_signature = "(source, *, size=None, fit='cover', max_side=None, max_pixels=None, megapixels=None, multiple_of=1, snap='crop', upscale='never', filter='lanczos3', quality='fast', background='white', alpha='flatten', colours='srgb', truncated='refuse', limits=None, ready_for='numpy', threads=None)"
)]
fn prepare(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    threads: Option<i64>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyPrepared>> {
    prepared::prepare(py, source, &Options::from_keywords(options)?.threads(threads)?)
}

/// Prepares the frames of an animation, each as `prepare` does: a list of Prepared with `index` and `duration`. Of a still picture, that one.
///
/// All frames by default; `count` of them, evenly spread from the first to the last; or the first and then `every` so many. `source` and the other
/// options are as in `prepare`; `limits` hold the number of frames and their pixels.
///
/// Raises `ValueError` for both, and what `prepare` raises.
#[pyfunction]
#[pyo3(signature = (source, *, count=None, every=None, **options))]
#[pyo3(
    text_signature = "(source, *, count=None, every=None, size=None, fit='cover', max_side=None, max_pixels=None, megapixels=None, multiple_of=1, snap='crop', upscale='never', filter='lanczos3', quality='fast', background='white', alpha='flatten', colours='srgb', truncated='refuse', limits=None, ready_for='numpy')"
)]
fn frames(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    count: Option<i64>,
    every: Option<i64>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Vec<Py<PyPrepared>>> {
    prepared::frames(py, source, options::frames(count, every)?, &Options::from_keywords(options)?)
}

/// The options of `prepare`, checked once for many pictures.
#[pyclass(frozen, module = "cog_kit._native")]
struct Preparation(Options);

#[pymethods]
impl Preparation {
    #[new]
    #[pyo3(signature = (*, threads=None, **options))]
    fn new(threads: Option<i64>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Options::from_keywords(options)?.threads(threads).map(Self)
    }

    /// Prepares one picture.
    fn apply(&self, py: Python<'_>, source: &Bound<'_, PyAny>) -> PyResult<Py<PyPrepared>> {
        prepared::prepare(py, source, &self.0)
    }
}

/// Image preparation for predict.py, and the publishing guide.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<PyFinding>()?;
    module.add_class::<PyInfo>()?;
    module.add_class::<PyLimits>()?;
    module.add_class::<PyPixels>()?;
    module.add_class::<PyPrepared>()?;
    module.add_class::<PyTensor>()?;
    module.add_class::<Preparation>()?;
    module.add_function(wrap_pyfunction!(guide::check, module)?)?;
    module.add_function(wrap_pyfunction!(frames, module)?)?;
    module.add_function(wrap_pyfunction!(info::info, module)?)?;
    module.add_function(wrap_pyfunction!(mask::mask, module)?)?;
    module.add_function(wrap_pyfunction!(plan_size::plan_size, module)?)?;
    module.add_function(wrap_pyfunction!(prepare, module)?)?;
    module.add_function(wrap_pyfunction!(guide::report, module)?)?;
    module.add_function(wrap_pyfunction!(save::save, module)?)?;
    error::register(module)
}
