//! Other libraries' arrays, read through numpy's array interface or DLPack. Neither library is needed to be linked or installed.

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyDict},
};

use super::{dense, dlpack, lengths};

/// The numbers of an array, copied, dense and in C order.
pub(crate) enum Numbers {
    Bytes(Vec<u8>),
    /// 0 or 1 each.
    Bools(Vec<u8>),
    Floats(Vec<f32>),
}

/// An array of another library, copied.
pub(crate) struct Array {
    pub shape: Vec<usize>,
    pub numbers: Numbers,
}

/// The most numbers that are copied: four for each of 2²⁸ pixels, which is what the crate makes at most.
const MOST: usize = 4 << 28;

impl Array {
    /// A copy of an array, if the object is one.
    ///
    /// The copy is made attached: whoever writes to the array attached as well cannot do so meanwhile.
    pub(crate) fn read(object: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let py = object.py();
        if let Some(interface) = object.getattr_opt(pyo3::intern!(py, "__array_interface__"))? {
            return from_interface(&interface).map(Some);
        }
        if object.hasattr(pyo3::intern!(py, "__dlpack__"))? {
            let capsule = object.call_method0(pyo3::intern!(py, "__dlpack__"))?.cast_into::<PyCapsule>()?;
            let import = dlpack::import(&capsule)?;
            return copy(&View { start: import.start, shape: import.shape, strides: import.strides }, &import.type_name).map(Some);
        }
        Ok(None)
    }
}

fn from_interface(interface: &Bound<'_, PyAny>) -> PyResult<Array> {
    let interface = interface.cast::<PyDict>()?;
    let entry = |key: &str| interface.get_item(key);
    let missing = |key: &str| PyTypeError::new_err(format!("found an array interface without `{key}`"));
    let type_name: String = entry("typestr")?.ok_or_else(|| missing("typestr"))?.extract()?;
    let shape: Vec<usize> = entry("shape")?.ok_or_else(|| missing("shape"))?.extract()?;
    let (address, _): (usize, bool) = entry("data")?.ok_or_else(|| missing("data"))?.extract()?;
    let strides = match entry("strides")? {
        Some(strides) if !strides.is_none() => strides.extract()?,
        _ => dense(&lengths(&shape), if type_name.ends_with('4') { 4 } else { 1 }),
    };
    // The address was exposed by the library that owns the memory.
    copy(&View { start: std::ptr::with_exposed_provenance(address), shape, strides }, &type_name)
}

/// Where numbers are.
struct View {
    start: *const u8,
    shape: Vec<usize>,
    /// Steps in bytes.
    strides: Vec<i64>,
}

fn copy(view: &View, type_name: &str) -> PyResult<Array> {
    let count = view.shape.iter().try_fold(1_usize, |count, &length| count.checked_mul(length));
    if count.is_none_or(|count| count > MOST) || view.shape.len() != view.strides.len() {
        return Err(PyValueError::new_err(format!("found an array of shape {:?}, expected at most {MOST} numbers", view.shape)));
    }
    let numbers = match type_name {
        "|u1" => Numbers::Bytes(view.gather()),
        "|b1" => Numbers::Bools(view.gather::<u8>().into_iter().map(|byte| u8::from(byte != 0)).collect()),
        "<f4" => Numbers::Floats(view.gather()),
        other => return Err(PyTypeError::new_err(format!("found numbers of type {other}, expected uint8, bool or float32"))),
    };
    Ok(Array { shape: view.shape.clone(), numbers })
}

/// Numbers that any bytes stand for.
trait Plain: Copy {}
impl Plain for u8 {}
impl Plain for f32 {}

impl View {
    /// All numbers, in C order.
    fn gather<T: Plain>(&self) -> Vec<T> {
        let count = self.shape.iter().product();
        let mut numbers = Vec::with_capacity(count);
        if count > 0 {
            let item = i64::try_from(size_of::<T>()).unwrap_or(1);
            // From this dimension on the numbers lie side by side.
            let solid = (0..self.shape.len())
                .find(|&from| self.strides.get(from..) == self.shape.get(from..).map(|shape| dense(&lengths(shape), item)).as_deref())
                .unwrap_or(self.shape.len());
            self.walk(0, solid, self.start, &mut numbers);
        }
        numbers
    }

    fn walk<T: Plain>(&self, dimension: usize, solid: usize, start: *const u8, numbers: &mut Vec<T>) {
        let rest = self.shape.get(dimension..).unwrap_or_default();
        if dimension == solid {
            let count: usize = rest.iter().product();
            let start = start.cast::<T>();
            if start.is_aligned() {
                // SAFETY: the array's owner says that this many numbers lie here, and any bytes are a `T`; nobody writes to them while attached.
                numbers.extend_from_slice(unsafe { std::slice::from_raw_parts(start, count) });
            } else {
                // SAFETY: as above, one by one.
                numbers.extend((0..count).map(|index| unsafe { start.add(index).read_unaligned() }));
            }
        } else if let (Some(&length), Some(&stride)) = (rest.first(), self.strides.get(dimension)) {
            let stride = isize::try_from(stride).unwrap_or(0);
            for index in 0..length.cast_signed() {
                self.walk(dimension + 1, solid, start.wrapping_offset(index * stride), numbers);
            }
        }
    }
}
