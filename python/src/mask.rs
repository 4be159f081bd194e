//! Masks that lie on a prepared picture as they lay on the original.

use cog_kit::image::{Limits, Mask, MaskChannel, MaskFilter, MaskOrientation, White};
use pyo3::prelude::*;

use crate::{
    error::raise,
    options::{byte, word},
    pixels::{Held, PyPixels},
    prepared::PyPrepared,
    source::PictureSource,
};

/// A mask in the geometry of a prepared picture, `(H, W)` uint8 of its size: turned, cut, scaled and padded alike. 255 means paint; padding is 0.
///
/// `source` is as in `prepare`. `invert=True` is for files in which white means keep. `threshold` (0 to 255) makes the mask hard: what is at least this
/// bright counts as white. `channel` is what is read: `luma` or `alpha`; `filter` how it is resampled: `area` or `nearest`; `orientation` which way up it
/// was drawn: as its `own` file says, or as that of the `picture`.
///
/// Raises `ImageError` if its shape is not the picture's, and what `prepare` raises.
#[pyfunction]
#[pyo3(signature = (source, *, like, invert=false, threshold=None, channel=None, filter=None, orientation=None))]
#[pyo3(text_signature = "(source, *, like, invert=False, threshold=None, channel='luma', filter='area', orientation='own')")]
#[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
pub(crate) fn mask(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    like: &Bound<'_, PyPrepared>,
    invert: bool,
    threshold: Option<i64>,
    channel: Option<&Bound<'_, PyAny>>,
    filter: Option<&Bound<'_, PyAny>>,
    orientation: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyPixels> {
    let mut mask = Mask::new().white(if invert { White::Keep } else { White::Paint });
    if let Some(threshold) = threshold {
        mask = mask.threshold(byte("threshold", threshold)?);
    }
    if let Some(channel) = channel {
        mask = mask.channel(word::<MaskChannel>(channel)?);
    }
    if let Some(filter) = filter {
        mask = mask.filter(word::<MaskFilter>(filter)?);
    }
    if let Some(orientation) = orientation {
        mask = mask.orientation(word::<MaskOrientation>(orientation)?);
    }
    let limits = Limits::default();
    let source = PictureSource::read(source, &limits)?;
    let like = like.get().prepared();
    let pixels = py.detach(|| source.open(&limits).and_then(|picture| mask.apply(&picture, like)));
    pixels.map(|pixels| PyPixels::new(Held::Pixels(pixels))).map_err(|error| raise(py, error))
}
