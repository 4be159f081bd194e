//! Python's numbers into the options of `Prepare`.

use cog_kit::image::{Prepare, Rgb};
use pyo3::{exceptions::PyValueError, prelude::*};

/// A whole number of pixels, at least 1.
fn pixels(name: &str, value: i64) -> PyResult<u32> {
    match u32::try_from(value) {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(PyValueError::new_err(format!("`{name}` must be from 1 to {} pixels, found {value}", u32::MAX))),
    }
}

/// A colour from `(red, green, blue)`.
fn rgb((red, green, blue): (i64, i64, i64)) -> PyResult<Rgb> {
    let sample = |value: i64| {
        u8::try_from(value).map_err(|_| PyValueError::new_err(format!("`background` takes samples from 0 to 255, found {value}")))
    };
    Ok(Rgb { red: sample(red)?, green: sample(green)?, blue: sample(blue)? })
}

/// The options of `prepare`, checked.
pub(crate) fn preparation(max_side: Option<i64>, multiple_of: i64, background: (i64, i64, i64)) -> PyResult<Prepare> {
    let preparation = Prepare::new().multiple_of(pixels("multiple_of", multiple_of)?).background(rgb(background)?);
    Ok(match max_side {
        Some(side) => preparation.max_side(pixels("max_side", side)?),
        None => preparation,
    })
}
