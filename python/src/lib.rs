//! `cog_kit._native`: converts Python values and delegates to the crate `cog-kit`. No algorithm lives here.

mod error;
mod options;
mod prepared;
mod source;

use pyo3::prelude::*;

use error::raise;
use prepared::Prepared;
use source::PictureSource;

/// Prepares a picture for a model: upright, opaque, 8-bit RGB, no larger than asked.
///
/// `source` is a path (`str` or `os.PathLike`) or the bytes of a file. The longest side becomes at most `max_side` pixels (smaller pictures are never
/// enlarged), both sides become multiples of `multiple_of` pixels, and transparent pixels are laid over `background` (red, green, blue; 0 to 255).
///
/// Raises `ImageError` for what is no picture, is damaged or exceeds the limits; `FileNotFoundError` or another `OSError` for a file that cannot be
/// read; `TypeError` for another kind of source; `ValueError` for an option out of range.
#[pyfunction]
#[pyo3(signature = (source, *, max_side=None, multiple_of=1, background=(255, 255, 255)), text_signature = "(source, *, max_side=None, multiple_of=1, background=(255, 255, 255))")]
fn prepare(
    py: Python<'_>,
    source: PictureSource,
    max_side: Option<i64>,
    multiple_of: i64,
    background: (i64, i64, i64),
) -> PyResult<Prepared> {
    let preparation = options::preparation(max_side, multiple_of, background)?;
    py.detach(|| source.open().and_then(|picture| preparation.apply(&picture))).map(Prepared::from).map_err(|error| raise(py, error))
}

/// Image preparation for predict.py.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Prepared>()?;
    module.add_function(wrap_pyfunction!(prepare, module)?)?;
    error::register(module)
}
