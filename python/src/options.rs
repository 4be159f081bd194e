//! Python's words and numbers into options of the crate.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    str::FromStr,
};

use cog_kit::image::{Alpha, ColourSpace, Filter, Fit, Frames, ImageError, Limits, Prepare, Quality, Rgb, Size, Snap, Truncated, Upscale};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyDict, PyInt},
};

use crate::{error::raise, limits::PyLimits};

/// What `prepare` takes beside the source, checked.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub prepare: Prepare,
    pub limits: Limits,
    pub ready_for: ReadyFor,
}

/// Which hand-over of the result is to cost nothing.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ReadyFor {
    #[default]
    Numpy,
    Pil,
}

/// The options of `prepare` as Python writes them.
pub(crate) const SIGNATURE: &str = "size, fit, max_side, max_pixels, megapixels, multiple_of, snap, upscale, filter, quality, background, alpha, colours, \
                                    truncated, limits, ready_for";

impl Options {
    /// Options from keyword arguments.
    pub(crate) fn from_keywords(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut options = Self::default();
        let Some(keywords) = keywords else { return Ok(options) };
        let given = |name| keywords.get_item(name).is_ok_and(|value| value.is_some_and(|value| !value.is_none()));
        if given("max_pixels") && given("megapixels") {
            return Err(PyValueError::new_err("found both `max_pixels` and `megapixels`, expected one of them"));
        }
        for (name, value) in keywords {
            options.set(name.cast::<pyo3::types::PyString>()?.to_str()?, &value)?;
        }
        Ok(options)
    }

    /// The same, with this many threads for one picture.
    pub(crate) fn threads(mut self, threads: Option<i64>) -> PyResult<Self> {
        if let Some(threads) = threads {
            let threads = positive("threads", threads)?;
            // More than there can be are as many as there can be.
            self.prepare = self.prepare.threads(usize::try_from(threads).ok().and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MAX));
        }
        Ok(self)
    }

    fn set(&mut self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let prepare = std::mem::take(&mut self.prepare);
        // Where None is the default it means: not asked for.
        self.prepare = match name {
            "size" | "max_side" | "max_pixels" | "megapixels" | "limits" if value.is_none() => prepare,
            "size" => {
                let Size { width, height } = size(name, value.extract()?)?;
                prepare.size(width, height)
            }
            "fit" => prepare.fit(word::<Fit>(value)?),
            "max_side" => prepare.max_side(pixels(name, whole(name, value)?)?),
            "max_pixels" => prepare.max_pixels(positive(name, whole(name, value)?)?),
            "megapixels" => prepare.megapixels(value.extract()?),
            "multiple_of" => prepare.multiple_of(pixels(name, whole(name, value)?)?),
            "snap" => prepare.snap(word::<Snap>(value)?),
            "upscale" => prepare.upscale(word::<Upscale>(value)?),
            "filter" => prepare.filter(word::<Filter>(value)?),
            "quality" => prepare.quality(word::<Quality>(value)?),
            "background" => prepare.background(colour(value)?),
            "alpha" => prepare.alpha(word::<Alpha>(value)?),
            "colours" => prepare.colours(word::<ColourSpace>(value)?),
            "truncated" => prepare.truncated(one_of("truncated", value, &[("refuse", Truncated::Refuse), ("keep", Truncated::Keep)])?),
            "limits" => {
                self.limits = value.cast::<PyLimits>()?.get().0;
                prepare
            }
            "ready_for" => {
                self.ready_for = one_of("ready_for", value, &[("numpy", ReadyFor::Numpy), ("pil", ReadyFor::Pil)])?;
                prepare
            }
            _ => return Err(PyTypeError::new_err(format!("found an unknown option `{name}`, expected one of {SIGNATURE}"))),
        };
        Ok(())
    }
}

/// A whole number; bool and float are none.
fn whole(name: &str, value: &Bound<'_, PyAny>) -> PyResult<i64> {
    let wrong = |found| format!("`{name}` must be a whole number, found {found}");
    match value.extract() {
        Ok(number) if !value.is_instance_of::<PyBool>() => Ok(number),
        // An int that i64 does not hold.
        Err(_) if value.is_instance_of::<PyInt>() => {
            Err(PyValueError::new_err(format!("`{name}` must be less than 2**63, found {}", shown(value))))
        }
        _ => Err(PyTypeError::new_err(wrong(shown(value)))),
    }
}

/// What was found instead, for messages: its repr, cut where it is long.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> String {
    const LONGEST: usize = 60;
    let Ok(text) = value.repr().map(|text| text.to_string()) else { return "an object without repr".to_owned() };
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['\u{2026}']).collect() }
}

/// A whole number of pixels, at least 1.
pub(crate) fn pixels(name: &str, value: i64) -> PyResult<u32> {
    match u32::try_from(value) {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(PyValueError::new_err(format!("`{name}` must be from 1 to {} pixels, found {value}", u32::MAX))),
    }
}

/// A whole number, at least 1.
pub(crate) fn positive(name: &str, value: i64) -> PyResult<u64> {
    match u64::try_from(value) {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(PyValueError::new_err(format!("`{name}` must be at least 1, found {value}"))),
    }
}

/// A byte's worth.
pub(crate) fn byte(name: &str, value: i64) -> PyResult<u8> {
    u8::try_from(value).map_err(|_| PyValueError::new_err(format!("`{name}` must be from 0 to 255, found {value}")))
}

/// Width and height from a pair.
pub(crate) fn size(name: &str, (width, height): (i64, i64)) -> PyResult<Size> {
    Ok(Size::new(pixels(name, width)?, pixels(name, height)?))
}

/// The mode that a word names.
pub(crate) fn word<T: FromStr<Err = ImageError>>(value: &Bound<'_, PyAny>) -> PyResult<T> {
    value.extract::<&str>()?.parse().map_err(|error| raise(value.py(), error))
}

fn one_of<T: Copy>(what: &str, value: &Bound<'_, PyAny>, known: &[(&str, T)]) -> PyResult<T> {
    let found: &str = value.extract()?;
    known.iter().find(|(name, _)| *name == found).map(|&(_, mode)| mode).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        PyValueError::new_err(format!("found {what} `{found}`, expected one of {}", names.join(", ")))
    })
}

/// A colour from `(red, green, blue)`, or from a word or `#rrggbb`.
pub(crate) fn colour(value: &Bound<'_, PyAny>) -> PyResult<Rgb> {
    if value.is_instance_of::<pyo3::types::PyString>() {
        return word(value);
    }
    let (red, green, blue) = value.extract()?;
    let sample = |sample| byte("background", sample);
    Ok(Rgb::new(sample(red)?, sample(green)?, sample(blue)?))
}

/// Which frames are wanted.
pub(crate) fn frames(count: Option<i64>, every: Option<i64>) -> PyResult<Frames> {
    let number = |name, value: i64| {
        let number = u32::try_from(value).ok().and_then(NonZeroU32::new);
        number.ok_or_else(|| PyValueError::new_err(format!("`{name}` must be from 1 to {}, found {value}", u32::MAX)))
    };
    match (count, every) {
        (None, None) => Ok(Frames::All),
        (Some(count), None) => number("count", count).map(Frames::Evenly),
        (None, Some(every)) => number("every", every).map(Frames::Every),
        (Some(_), Some(_)) => Err(PyValueError::new_err("found both `count` and `every`, expected one of them")),
    }
}
