//! Where a picture comes from: a path, the bytes of a file, or pixels in memory.

use std::path::PathBuf;

use cog_kit::image::{ImageError, Limits, Orientation, Pixels, Source};
use pyo3::{
    exceptions::PyTypeError,
    intern,
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBytes, PyMemoryView},
};

use crate::given::{Given, TAKEN, is_pillow, pillow_file, samples};

/// A source, ready to be read without the GIL.
pub(crate) enum PictureSource {
    Path(PathBuf),
    Bytes(PyBackedBytes),
    /// Samples, and how they are to be turned.
    Pixels(Pixels, Orientation),
}

impl PictureSource {
    /// What a Python object stands for. Files that are open are read here, up to the limit.
    pub(crate) fn read(object: &Bound<'_, PyAny>, limits: &Limits) -> PyResult<Self> {
        if let Ok(bytes) = object.extract::<PyBackedBytes>() {
            return Ok(Self::Bytes(bytes));
        }
        if let Ok(path) = object.extract::<PathBuf>() {
            return Ok(Self::Path(path));
        }
        if object.is_instance_of::<PyMemoryView>() {
            return Ok(Self::Bytes(object.call_method0("tobytes")?.extract()?));
        }
        if is_pillow(object)? {
            return from_pillow(object);
        }
        if object.hasattr(intern!(object.py(), "read"))? {
            if object.is_instance(&object.py().import("io")?.getattr("TextIOBase")?)? {
                return Err(PyTypeError::new_err("found a file open as text, expected one open as bytes"));
            }
            // One byte more than is allowed, so that a longer file is found too long.
            let content = object.call_method1(intern!(object.py(), "read"), (limits.max_bytes.saturating_add(1),))?;
            return Ok(Self::Bytes(content.cast_into::<PyBytes>()?.into()));
        }
        if let Some(given) = Given::read(object, Some((0.0, 1.0)))? {
            return Ok(Self::Pixels(given.pixels, Orientation::Upright));
        }
        let kind = object.get_type().name()?;
        Err(PyTypeError::new_err(format!(
            "found {kind}, expected a picture as str, os.PathLike, bytes, bytearray, memoryview, an open file, {TAKEN}"
        )))
    }

    /// Reads the header; bytes are borrowed, not copied.
    pub(crate) fn open(&self, limits: &Limits) -> Result<Source<'_>, ImageError> {
        match self {
            Self::Path(path) => Source::open(path, limits),
            Self::Bytes(bytes) => Source::new(bytes.as_ref(), limits),
            Self::Pixels(pixels, orientation) => {
                let source = Source::from_samples(pixels.as_bytes(), pixels.size(), pixels.channels())?;
                Ok(source.with_orientation(*orientation))
            }
        }
    }
}

/// A Pillow image: as its samples if these say all, else as the file that Pillow makes of it, which keeps profile, palette and 16-bit grey.
fn from_pillow(picture: &Bound<'_, PyAny>) -> PyResult<PictureSource> {
    let mode: String = picture.getattr("mode")?.extract()?;
    let said_by_samples = ["L", "LA", "RGB", "RGBA"].contains(&mode.as_str())
        && !picture.getattr("info")?.contains("icc_profile")?
        && !picture.getattr("info")?.contains("transparency")?;
    let orientation = || -> PyResult<Orientation> {
        let number = picture.call_method0("getexif")?.call_method1("get", (ORIENTATION_TAG, 1))?;
        Ok(number.extract().ok().and_then(Orientation::from_exif).unwrap_or(Orientation::Upright))
    };
    if mode == "F"
        && let Some(given) = Given::read(picture, Some(float_range(picture)?))?
    {
        return Ok(PictureSource::Pixels(given.pixels, orientation()?));
    }
    if !said_by_samples {
        return Ok(PictureSource::Bytes(PyBackedBytes::from(pillow_file(picture)?)));
    }
    Ok(PictureSource::Pixels(samples(picture)?, orientation()?))
}

/// What the floats of a Pillow image mean: 0 to 1, or 0 to 255 as Pillow itself converts to and from them; anything else is refused with these.
fn float_range(picture: &Bound<'_, PyAny>) -> PyResult<(f32, f32)> {
    let (least, most): (f32, f32) = picture.call_method0("getextrema")?.extract()?;
    Ok(if least >= 0.0 && most > 1.5 && most <= 255.0 { (0.0, 255.0) } else { (0.0, 1.0) })
}

/// EXIF's number for the orientation.
const ORIENTATION_TAG: u16 = 274;
