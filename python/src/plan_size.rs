//! Sizes for what is generated.

use cog_kit::image::{AspectRatio, PlanSize, Size};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyString};

use crate::{
    error::raise,
    info::pair,
    options::{pixels, size, word},
    prepared::PyPrepared,
};

/// What people call the shape of the picture that they gave.
const MATCH: &str = "match_input_image";

/// `(width, height)` in pixels for a picture to be generated: both are multiples of `multiple_of`, and one is within half a step of what the ratio makes of
/// the other.
///
/// `aspect_ratio` is such as `16:9` or `1.5`, or `match_input_image` for that of `like`; `megapixels` counts 1024 × 1024. Where one is not given,
/// `like`, a Prepared (whose `source_size` counts) or a `(width, height)`, says it; else it is a square, of one megapixel. `max_side` limits the longer
/// side, in pixels.
///
/// Raises `ImageError` for what is no ratio or too large, `ValueError` for a number out of range.
#[pyfunction]
#[pyo3(signature = (*, aspect_ratio=None, megapixels=None, multiple_of=1, like=None, max_side=None))]
pub(crate) fn plan_size(
    py: Python<'_>,
    aspect_ratio: Option<&Bound<'_, PyAny>>,
    megapixels: Option<f64>,
    multiple_of: i64,
    like: Option<&Bound<'_, PyAny>>,
    max_side: Option<i64>,
) -> PyResult<(u32, u32)> {
    let mut plan = PlanSize::new().multiple_of(pixels("multiple_of", multiple_of)?);
    if let Some(ratio) = aspect_ratio {
        let matches = ratio.cast::<PyString>().is_ok_and(|text| text.to_str().is_ok_and(|text| text == MATCH));
        match (matches, like) {
            (true, None) => {
                return Err(PyValueError::new_err(format!(
                    "found aspect ratio `{MATCH}` without `like`, expected a picture or a size there"
                )));
            }
            (true, Some(_)) => {}
            (false, _) if ratio.is_instance_of::<PyString>() => plan = plan.aspect_ratio(word::<AspectRatio>(ratio)?),
            (false, _) => plan = plan.aspect_ratio(AspectRatio::new(ratio.extract()?, 1.0).map_err(|error| raise(py, error))?),
        }
    }
    if let Some(like) = like {
        plan = plan.like(size_of(like)?);
    }
    if let Some(megapixels) = megapixels {
        plan = plan.megapixels(megapixels);
    }
    if let Some(side) = max_side {
        plan = plan.max_side(pixels("max_side", side)?);
    }
    plan.plan().map(pair).map_err(|error| raise(py, error))
}

fn size_of(like: &Bound<'_, PyAny>) -> PyResult<Size> {
    match like.cast::<PyPrepared>() {
        Ok(prepared) => Ok(prepared.get().prepared().source_size()),
        Err(_) => size("like", like.extract()?),
    }
}
