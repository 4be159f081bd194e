//! Pictures that Python code holds: our own, Pillow's, arrays and tensors; read, and given back as what they were.

use cog_kit::image::{Channels, ImageError, Layout, Normalize, Pixels, Size, Tensor};
use pyo3::{
    basic::CompareOp,
    exceptions::{PyTypeError, PyValueError},
    intern,
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBytes, PyDict},
};

use crate::{
    error::raise,
    pixels::{Held, PyPixels, mode},
    share::{Array, Numbers},
};

/// A picture as Python gave it.
pub(crate) struct Given {
    pub pixels: Pixels,
    /// Whether it held true and false rather than shades.
    pub is_bool: bool,
    library: Library,
    /// Whether it came as `(C, H, W)`.
    planar: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Library {
    Own,
    Pillow,
    Numpy,
    Torch,
}

/// What is taken, for messages.
pub(crate) const TAKEN: &str = "cog_kit.Pixels, a PIL image, a numpy array or a torch tensor";

impl Given {
    /// Pixels of a picture that is held in memory; None if the object is none. Floats mean `range`, and are refused without one.
    pub(crate) fn read(object: &Bound<'_, PyAny>, range: Option<(f32, f32)>) -> PyResult<Option<Self>> {
        if let Ok(pixels) = object.cast::<PyPixels>() {
            let pixels = pixels.get().pixels().clone();
            return Ok(Some(Self { pixels, is_bool: false, library: Library::Own, planar: false }));
        }
        if is_pillow(object)? {
            return from_pillow(object).map(Some);
        }
        let Some(array) = Array::read(object)? else { return Ok(None) };
        let (size, channels, planar) = meaning(&array.shape)?;
        let layout = if planar { Layout::Chw } else { Layout::Hwc };
        let refused = |error: ImageError| raise(object.py(), error);
        let is_bool = matches!(array.numbers, Numbers::Bools(_));
        let pixels = match (array.numbers, range) {
            (Numbers::Floats(numbers), Some((low, high))) => {
                let tensor = Tensor::new(size, channels, layout, numbers).map_err(refused)?;
                object.py().detach(|| tensor.to_pixels(Normalize::Range { low, high }))
            }
            (Numbers::Floats(_), None) => return Err(PyTypeError::new_err("found numbers of type float32, expected uint8 or bool")),
            (Numbers::Bools(flags), _) => packed(size, channels, planar, flags.into_iter().map(|flag| flag * 255).collect()),
            (Numbers::Bytes(bytes), _) => packed(size, channels, planar, bytes),
        };
        let library = if is_torch(object)? { Library::Torch } else { Library::Numpy };
        Ok(Some(Self { pixels: pixels.map_err(refused)?, is_bool, library, planar }))
    }

    /// Other pixels as the kind of object that this one was.
    pub(crate) fn give_back<'py>(&self, py: Python<'py>, pixels: Pixels) -> PyResult<Bound<'py, PyAny>> {
        let pixels = Bound::new(py, PyPixels::new(Held::Pixels(pixels)))?;
        let array = match self.library {
            Library::Own => return Ok(pixels.into_any()),
            Library::Pillow => return PyPixels::pil(&pixels),
            Library::Numpy => PyPixels::numpy(&pixels)?,
            Library::Torch => py.import("torch")?.call_method1("from_dlpack", (pixels,))?,
        };
        let array = match (self.planar, self.library) {
            (true, Library::Torch) => array.call_method1("permute", (2, 0, 1))?,
            (true, _) => array.call_method1("transpose", (2, 0, 1))?,
            (false, _) => array,
        };
        if self.is_bool { array.rich_compare(0, CompareOp::Gt) } else { Ok(array) }
    }
}

fn packed(size: Size, channels: Channels, planar: bool, bytes: Vec<u8>) -> Result<Pixels, ImageError> {
    if !planar {
        return Pixels::new(size, channels, bytes);
    }
    let plane = (bytes.len() / channels.count()).max(1);
    let mut packed = vec![0; bytes.len()];
    for (channel, plane) in bytes.chunks_exact(plane).enumerate() {
        for (to, &from) in packed.iter_mut().skip(channel).step_by(channels.count()).zip(plane) {
            *to = from;
        }
    }
    Pixels::new(size, channels, packed)
}

/// What the dimensions of an array are: `(H, W)`, `(H, W, C)`, or else `(C, H, W)`, which the last says.
fn meaning(shape: &[usize]) -> PyResult<(Size, Channels, bool)> {
    let (height, width, channels, planar) = match *shape {
        [height, width] => (height, width, 1, false),
        [height, width, channels @ 1..=4] => (height, width, channels, false),
        [channels @ 1..=4, height, width] => (height, width, channels, true),
        _ => {
            return Err(PyValueError::new_err(format!(
                "found an array of shape {shape:?}, expected (H, W), (H, W, C) or (C, H, W) with 1 to 4 channels"
            )));
        }
    };
    let side = |length: usize| u32::try_from(length).map_err(|_| PyValueError::new_err(format!("found {length} pixels a side")));
    let channels = match channels {
        1 => Channels::Luma,
        2 => Channels::LumaAlpha,
        3 => Channels::Rgb,
        _ => Channels::Rgba,
    };
    Ok((Size::new(side(width)?, side(height)?), channels, planar))
}

/// Whether an object is a Pillow image; Pillow is not imported for that.
pub(crate) fn is_pillow(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let modules = object.py().import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
    match modules.get_item(intern!(object.py(), "PIL.Image"))? {
        Some(module) if !module.is_none() => object.is_instance(&module.getattr("Image")?),
        _ => Ok(false),
    }
}

fn is_torch(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let module = object.get_type().getattr("__module__")?;
    Ok(module.extract::<String>().is_ok_and(|module| module.split('.').next() == Some("torch")))
}

/// The pixels as Pillow has them now, orientation and profile left aside.
fn from_pillow(picture: &Bound<'_, PyAny>) -> PyResult<Given> {
    let found: String = picture.getattr("mode")?.extract()?;
    let transparent = picture.getattr("info")?.contains("transparency")? || found.ends_with(['a', 'A']);
    let picture = match found.as_str() {
        "L" | "LA" | "RGB" | "RGBA" => picture.clone(),
        "1" => picture.call_method1("convert", ("L",))?,
        _ if transparent => picture.call_method1("convert", ("RGBA",))?,
        _ => picture.call_method1("convert", ("RGB",))?,
    };
    let pixels = samples(&picture)?;
    Ok(Given { pixels, is_bool: found == "1", library: Library::Pillow, planar: false })
}

/// The samples of a Pillow image of mode L, LA, RGB or RGBA.
pub(crate) fn samples(picture: &Bound<'_, PyAny>) -> PyResult<Pixels> {
    let mode: String = picture.getattr("mode")?.extract()?;
    let channels =
        [Channels::Luma, Channels::LumaAlpha, Channels::Rgb, Channels::Rgba].into_iter().find(|&known| self::mode(known) == mode);
    let channels = channels.ok_or_else(|| PyTypeError::new_err(format!("found mode {mode}, expected L, LA, RGB or RGBA")))?;
    let (width, height) = picture.getattr("size")?.extract()?;
    let bytes: PyBackedBytes = picture.call_method0("tobytes")?.extract()?;
    Pixels::new(Size::new(width, height), channels, bytes.to_vec()).map_err(|error| raise(picture.py(), error))
}

/// The file that Pillow makes of an image: orientation, profile, palette and 16-bit grey stay what they are.
pub(crate) fn pillow_file<'py>(picture: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let py = picture.py();
    let mode: String = picture.getattr("mode")?.extract()?;
    let kept = ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"].contains(&mode.as_str());
    let exif = picture.call_method0("getexif")?;
    let picture =
        if kept { picture.clone() } else { picture.call_method1("convert", (if mode.ends_with(['a', 'A']) { "RGBA" } else { "RGB" },))? };
    let file = py.import("io")?.call_method0("BytesIO")?;
    let options = PyDict::new(py);
    options.set_item("compress_level", 0)?;
    options.set_item("exif", exif)?;
    picture.call_method("save", (&file, "PNG"), Some(&options))?;
    Ok(file.call_method0("getvalue")?.cast_into()?)
}
