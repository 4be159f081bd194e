//! Pictures to files.

use std::path::PathBuf;

use cog_kit::image::{Encode, EncodeFormat, Rgb};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyDict, PyIterator, PyList, PyTuple},
};

use crate::{
    error::raise,
    given::{Given, TAKEN},
    options::colour,
};

/// Writes pictures to new files and returns their paths: a `pathlib.Path` for one picture, a list for many.
///
/// `images` is Pixels (such as a Prepared), a PIL image, a numpy array or a torch tensor, `(H, W)`, `(H, W, C)` or `(C, H, W)`; or many of them: a list,
/// a tuple, an iterator, or an array of four dimensions. uint8 is taken as it is, bool as black and white, float32 as `range`.
///
/// `format` is `webp`, `jpg` or `png`; `quality` 0 to 100 (webp 80, jpg 90 by default; png is lossless). Files are called `stem.webp`, `stem-1.webp`, …,
/// and stand in a new folder, or in `folder`, where none is overwritten. Transparent pixels are laid over `background` in jpg.
/// `icc_profile` says which colours the samples mean, such as `Prepared.icc_profile`; sRGB without one.
///
/// Raises `ImageError` for an unknown format, a quality out of range or a picture too large for the format, `OSError` for a file that cannot be written.
#[pyfunction]
#[pyo3(signature = (images, *, format="webp", quality=None, folder=None, stem="output", background=None, range=(0.0, 1.0), icc_profile=None))]
#[pyo3(
    text_signature = "(images, *, format='webp', quality=None, folder=None, stem='output', background='white', range=(0.0, 1.0), icc_profile=None)"
)]
#[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
pub(crate) fn save<'py>(
    py: Python<'py>,
    images: &Bound<'py, PyAny>,
    format: &str,
    quality: Option<u32>,
    folder: Option<PathBuf>,
    stem: &str,
    background: Option<&Bound<'py, PyAny>>,
    range: (f32, f32),
    icc_profile: Option<PyBackedBytes>,
) -> PyResult<Bound<'py, PyAny>> {
    let format = EncodeFormat::from_name(format).map_err(|error| raise(py, error))?;
    let encode = Encode::new(format).background(background.map_or(Ok(Rgb::WHITE), colour)?);
    let encode = match quality {
        Some(quality) => encode.quality(quality),
        None => encode,
    };
    let encode = match icc_profile {
        Some(profile) => encode.icc_profile(profile.as_ref()),
        None => encode,
    };
    let target = Target { encode, folder, stem, range };
    let many = images.is_instance_of::<PyList>() || images.is_instance_of::<PyTuple>() || images.is_instance_of::<PyIterator>();
    if !many && !is_batch(images) {
        return target.write(images, &mut None);
    }
    let paths = PyList::empty(py);
    let mut made = None;
    for image in images.try_iter()? {
        paths.append(target.write(&image?, &mut made)?)?;
    }
    Ok(paths.into_any())
}

/// Whether an array holds many pictures.
fn is_batch(images: &Bound<'_, PyAny>) -> bool {
    images.getattr("shape").and_then(|shape| shape.len()).is_ok_and(|dimensions| dimensions == 4)
}

struct Target<'a> {
    encode: Encode,
    folder: Option<PathBuf>,
    stem: &'a str,
    range: (f32, f32),
}

impl Target<'_> {
    /// Writes one picture; `made` is the folder that was made for its fellows.
    fn write<'py>(&self, image: &Bound<'py, PyAny>, made: &mut Option<PathBuf>) -> PyResult<Bound<'py, PyAny>> {
        let py = image.py();
        let Some(given) = Given::read(image, Some(self.range))? else {
            return Err(PyTypeError::new_err(format!("found {}, expected {TAKEN}, or a list of them", image.get_type().name()?)));
        };
        let folder = match (&self.folder, &made) {
            (Some(folder), _) | (None, Some(folder)) => folder,
            (None, None) => made.insert(new_folder(py)?),
        };
        let path = py.detach(|| self.encode.save_new(&given.pixels, folder, self.stem)).map_err(|error| raise(py, error))?;
        py.import("pathlib")?.getattr("Path")?.call1((path,))
    }
}

fn new_folder(py: Python<'_>) -> PyResult<PathBuf> {
    let options = PyDict::new(py);
    options.set_item("prefix", "cog-kit-")?;
    py.import("tempfile")?.call_method("mkdtemp", (), Some(&options))?.extract()
}
