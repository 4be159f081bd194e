//! Pictures that Python code holds: our own, Pillow's, arrays and tensors; read, and given back as what they were.

use std::sync::Arc;

use cog_kit::image::{Channels, ImageError, Layout, Limits, Normalize, Pixels, Size, Source, Tensor, Truncated};
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
    /// The ICC profile that came with it.
    pub profile: Option<Arc<[u8]>>,
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
            let (pixels, profile) = (pixels.get().pixels().clone(), pixels.get().profile());
            return Ok(Some(Self { pixels, is_bool: false, profile, library: Library::Own, planar: false }));
        }
        if is_pillow(object)? {
            return from_pillow(object, range).map(Some);
        }
        let Some(array) = Array::read(object)? else { return Ok(None) };
        let (size, channels, planar) = meaning(&array.shape)?;
        let layout = if planar { Layout::Chw } else { Layout::Hwc };
        let refused = |error: ImageError| raise(object.py(), error);
        let is_bool = matches!(array.numbers, Numbers::Bools(_));
        let pixels = match (array.numbers, range) {
            (Numbers::Floats(numbers), Some(range)) => object.py().detach(|| from_floats(size, channels, layout, numbers, range)),
            (Numbers::Floats(_), None) => return Err(PyTypeError::new_err("found numbers of type float32, expected uint8 or bool")),
            (Numbers::Bools(flags), _) => packed(size, channels, planar, flags.into_iter().map(|flag| flag * 255).collect()),
            (Numbers::Bytes(bytes), _) => packed(size, channels, planar, bytes),
        };
        let library = if is_torch(object)? { Library::Torch } else { Library::Numpy };
        Ok(Some(Self { pixels: pixels.map_err(refused)?, is_bool, profile: None, library, planar }))
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

/// Numbers of which `low` means 0 and `high` means 255. Those a little outside are clipped; those far outside mean something else and are refused.
fn from_floats(size: Size, channels: Channels, layout: Layout, numbers: Vec<f32>, (low, high): (f32, f32)) -> Result<Pixels, ImageError> {
    let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
    for &number in &numbers {
        (least, most) = (least.min(number), most.max(number));
    }
    if !low.is_finite() || !high.is_finite() || low == high {
        let expected = "two different numbers that are finite".to_owned();
        return Err(ImageError::SampleRange { found: format!("with a `range` from {low} to {high}"), expected });
    }
    let slack = (high - low).abs() / 2.0;
    let is_far = least < low.min(high) - slack || most > high.max(low) + slack;
    if is_far || numbers.iter().any(|number| number.is_nan()) {
        let found = if is_far { format!("from {least} to {most}") } else { "that are not a number".to_owned() };
        let expected = format!("`range`, {low} to {high}; scale or clip them, or say what they mean where `range` is an option");
        return Err(ImageError::SampleRange { found, expected });
    }
    Tensor::new(size, channels, layout, numbers)?.to_pixels(Normalize::Range { low, high })
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

/// The pixels as Pillow has them now, orientation left aside, with their profile. Samples of 16 bits are scaled as those of a file; floats mean `range`.
fn from_pillow(picture: &Bound<'_, PyAny>, range: Option<(f32, f32)>) -> PyResult<Given> {
    let found: String = picture.getattr("mode")?.extract()?;
    let info = picture.getattr("info")?;
    let transparent = info.contains("transparency")? || found.ends_with(['a', 'A']);
    let given = |pixels, profile| Given { pixels, is_bool: found == "1", profile, library: Library::Pillow, planar: false };
    let picture = match found.as_str() {
        "L" | "LA" | "RGB" | "RGBA" => picture.clone(),
        "1" => picture.call_method1("convert", ("L",))?,
        "F" => return Ok(given(from_pillow_floats(picture, range)?, None)),
        _ if is_wide(&found) => return Ok(given(from_wide(picture)?, None)),
        _ if transparent => picture.call_method1("convert", ("RGBA",))?,
        _ => picture.call_method1("convert", ("RGB",))?,
    };
    // What Pillow converts from other color spaces is no longer what their profile is for.
    let keeps_profile = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "La"].contains(&found.as_str());
    let profile: Option<PyBackedBytes> = match info.call_method1("get", ("icc_profile",))? {
        profile if keeps_profile => profile.extract().ok(),
        _ => None,
    };
    Ok(given(samples(&picture)?, profile.filter(|profile| !profile.is_empty()).map(|profile| Arc::from(profile.as_ref()))))
}

/// Whether samples have more than 8 bits, in one of Pillow's byte orders.
fn is_wide(mode: &str) -> bool {
    mode == "I" || mode.starts_with("I;16")
}

/// Gray of 16 bits, read from the file that Pillow makes of it.
fn from_wide(picture: &Bound<'_, PyAny>) -> PyResult<Pixels> {
    let file = pillow_file(picture)?;
    let refused = |error: ImageError| raise(picture.py(), error);
    let limits = Limits { max_bytes: u64::MAX, ..Limits::default() };
    let source = Source::new(file.as_bytes(), &limits).map_err(refused)?;
    source.to_pixels(Truncated::Refuse).map(|stored| stored.pixels).map_err(refused)
}

fn from_pillow_floats(picture: &Bound<'_, PyAny>, range: Option<(f32, f32)>) -> PyResult<Pixels> {
    let range = range.ok_or_else(|| PyTypeError::new_err("found an image of mode F, expected one of 8 or 16 bits"))?;
    let (width, height) = picture.getattr("size")?.extract()?;
    let bytes: PyBackedBytes = picture.call_method0("tobytes")?.extract()?;
    let numbers = bytes.as_chunks().0.iter().map(|&number| f32::from_ne_bytes(number)).collect();
    from_floats(Size::new(width, height), Channels::Luma, Layout::Hwc, numbers, range).map_err(|error| raise(picture.py(), error))
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
    let picture = match mode.as_str() {
        _ if kept => picture.clone(),
        _ if is_wide(&mode) => sixteen_bits(picture, &mode)?,
        _ if mode.ends_with(['a', 'A']) => picture.call_method1("convert", ("RGBA",))?,
        _ => picture.call_method1("convert", ("RGB",))?,
    };
    let file = py.import("io")?.call_method0("BytesIO")?;
    let options = PyDict::new(py);
    options.set_item("compress_level", 0)?;
    options.set_item("exif", exif)?;
    picture.call_method("save", (&file, "PNG"), Some(&options))?;
    Ok(file.call_method0("getvalue")?.cast_into()?)
}

/// Gray of Pillow's other byte orders, or of 32 bits, as 16 bits of which it makes files; refused if its samples need more.
///
/// Mode I has samples of 8 bits as well, as Pillow converts to it and from it: no sample above 255 means that.
fn sixteen_bits<'py>(picture: &Bound<'py, PyAny>, mode: &str) -> PyResult<Bound<'py, PyAny>> {
    if mode != "I" {
        return picture.call_method1("convert", ("I",))?.call_method1("convert", ("I;16",));
    }
    let (least, most): (i64, i64) = picture.call_method0("getextrema")?.extract()?;
    if least < 0 || most > i64::from(u16::MAX) {
        let found = format!("from {least} to {most}");
        let expected = format!("0 to {} in an image of mode I", u16::MAX);
        return Err(raise(picture.py(), ImageError::SampleRange { found, expected }));
    }
    picture.call_method1("convert", (if most > i64::from(u8::MAX) { "I;16" } else { "L" },))
}
