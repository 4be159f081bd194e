//! Pictures to files.

use std::path::PathBuf;

use cog_kit::image::{Encode, EncodeFormat, ImageError, Rgb, Subsampling};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBool, PyDict, PyIterator, PyList, PyTuple},
};

use crate::{
    error::raise,
    given::{Given, TAKEN},
    options::{colour, shown},
};

/// Writes pictures to new files and returns their paths: a `pathlib.Path` for one picture, a list for many.
///
/// `images` is Pixels (such as a Prepared), a PIL image, a numpy array or a torch tensor, `(H, W)`, `(H, W, C)` or `(C, H, W)`; or many of them: a list,
/// a tuple, an iterator, or an array of four dimensions. uint8 is taken as it is, bool as black and white, float32 as `range`.
///
/// `format` is `webp`, `jpg` or `png`; `quality` 0 to 100 (webp 80, jpg 90 by default; png is lossless). `subsampling` is the resolution of chroma in jpg:
/// `4:4:4`, `4:2:2` or `4:2:0`; by default 4:2:0 below quality 95 and 4:4:4 from there. A png has the smallest form that holds the same pixels: gray, a
/// palette, fewer bits, no alpha; bool has 1 bit. Files are called `stem.webp`, `stem-1.webp`, …,
/// and stand in a new folder, or in `folder`, where none is overwritten. Transparent pixels are laid over `background` in jpg.
/// `icc_profile` says which colours the samples mean; by default it is that of the picture, of a Prepared or a PIL image, and sRGB where it has none.
///
/// Raises `ImageError` for an unknown format, an option out of range, a profile for other colors or a picture too large for the format, `OSError` for a file that cannot be written.
#[pyfunction]
#[pyo3(signature = (images, *, format="webp", quality=None, subsampling=None, folder=None, stem="output", background=None, range=(0.0, 1.0), icc_profile=None))]
#[pyo3(
    text_signature = "(images, *, format='webp', quality=None, subsampling=None, folder=None, stem='output', background='white', range=(0.0, 1.0), icc_profile=None)"
)]
#[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
pub(crate) fn save<'py>(
    py: Python<'py>,
    images: &Bound<'py, PyAny>,
    format: &str,
    quality: Option<&Bound<'py, PyAny>>,
    subsampling: Option<&Bound<'py, PyAny>>,
    folder: Option<PathBuf>,
    stem: &str,
    background: Option<&Bound<'py, PyAny>>,
    range: (f32, f32),
    icc_profile: Option<PyBackedBytes>,
) -> PyResult<Bound<'py, PyAny>> {
    let format = EncodeFormat::from_name(format).map_err(|error| raise(py, error))?;
    let encode = Encode::new(format).background(background.map_or(Ok(Rgb::WHITE), colour)?);
    let encode = match quality {
        Some(quality) => encode.quality(percent(quality)?),
        None => encode,
    };
    let encode = match subsampling {
        Some(subsampling) => encode.subsampling(chroma(subsampling)?),
        None => encode,
    };
    let keeps_profile = icc_profile.is_none();
    let encode = match icc_profile {
        Some(profile) => encode.icc_profile(profile.as_ref()),
        None => encode,
    };
    let target = Target { encode, keeps_profile, folder, stem, range };
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

/// A quality: bool and float are none, however near they come.
fn percent(value: &Bound<'_, PyAny>) -> PyResult<u32> {
    let number = if value.is_instance_of::<PyBool>() { None } else { value.extract::<u32>().ok() };
    match number {
        Some(number @ 0..=100) => Ok(number),
        _ => Err(raise(value.py(), ImageError::QualityRange { found: shown(value) })),
    }
}

fn chroma(value: &Bound<'_, PyAny>) -> PyResult<Subsampling> {
    let unknown = || ImageError::UnknownName { what: "subsampling", found: shown(value), expected: Subsampling::NAMES };
    let subsampling = value.extract::<&str>().map_err(|_| unknown()).and_then(Subsampling::from_name);
    subsampling.map_err(|error| raise(value.py(), error))
}

struct Target<'a> {
    encode: Encode,
    /// Whether the profile of each picture goes into its file.
    keeps_profile: bool,
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
        let encode = self.encode.clone().bilevel(given.is_bool);
        let with_profile = match given.profile {
            Some(profile) if self.keeps_profile => Some(encode.clone().icc_profile(profile)),
            _ => None,
        };
        let saved = py.detach(|| match with_profile.map(|encode| encode.save_new(&given.pixels, folder, self.stem)) {
            // Pillow keeps profiles that no longer fit the pixels: those of an image converted from CMYK, for example.
            None | Some(Err(ImageError::UnfitProfile { .. })) => encode.save_new(&given.pixels, folder, self.stem),
            Some(saved) => saved,
        });
        let path = saved.map_err(|error| raise(py, error))?;
        py.import("pathlib")?.getattr("Path")?.call1((path,))
    }
}

fn new_folder(py: Python<'_>) -> PyResult<PathBuf> {
    let options = PyDict::new(py);
    options.set_item("prefix", "cog-kit-")?;
    py.import("tempfile")?.call_method("mkdtemp", (), Some(&options))?.extract()
}
