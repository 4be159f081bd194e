//! DLPack 1.1: arrays out to torch and its kin, and in from them.

use std::{
    ffi::{CStr, c_void},
    sync::Arc,
};

use pyo3::{exceptions::PyTypeError, ffi::PyObject, prelude::*, types::PyCapsule};

use super::{Owner, Shared, capsule, dense, lengths};

/// Memory in the shape of an array, dense and in C order, to be handed out.
pub(crate) struct Export {
    owner: Owner,
    start: *const c_void,
    shape: Vec<i64>,
    kind: DataType,
    flags: u64,
}

impl Export {
    /// Bytes that only Rust writes, and no longer.
    pub(crate) fn bytes<T: AsRef<[u8]> + Send + Sync + 'static>(owner: Arc<T>, shape: &[usize]) -> Self {
        let start = (*owner).as_ref().as_ptr().cast();
        Self { owner, start, shape: lengths(shape), kind: DataType { code: UNSIGNED, bits: 8, lanes: 1 }, flags: READ_ONLY }
    }

    /// Numbers that the receiver may change.
    pub(crate) fn floats(owner: Arc<Shared<f32>>, shape: &[usize]) -> Self {
        let start = owner.start();
        Self { owner, start, shape: lengths(shape), kind: DataType { code: FLOAT, bits: 32, lanes: 1 }, flags: 0 }
    }

    /// A DLPack capsule: version 1.1, which can say that memory is read-only, for those who ask for 1.0 or later; the old form for others.
    pub(crate) fn into_dlpack(self, py: Python<'_>, max_version: Option<(u32, u32)>) -> PyResult<Bound<'_, PyCapsule>> {
        let flags = self.flags;
        let mut context = Box::new(Context { strides: dense(&self.shape, 1), shape: self.shape, _owner: self.owner });
        let tensor = Tensor {
            data: self.start.cast_mut(),
            device: Device { kind: CPU, number: 0 },
            dimensions: i32::try_from(context.shape.len()).unwrap_or(0),
            kind: self.kind,
            shape: context.shape.as_mut_ptr(),
            strides: context.strides.as_mut_ptr(),
            byte_offset: 0,
        };
        let context = Box::into_raw(context).cast::<c_void>();
        if max_version.is_some_and(|(major, _)| major >= 1) {
            let managed = Versioned { version: (1, 1), context, deleter: Some(delete::<Versioned>), flags, tensor };
            capsule(py, managed, c"dltensor_versioned", drop_unused::<Versioned>)
        } else {
            let managed = Managed { tensor, context, deleter: Some(delete::<Managed>) };
            capsule(py, managed, c"dltensor", drop_unused::<Managed>)
        }
    }
}

const CPU: i32 = 1;
const UNSIGNED: u8 = 1;
const FLOAT: u8 = 2;
const BOOL: u8 = 6;
const READ_ONLY: u64 = 1;

#[repr(C)]
#[derive(Clone, Copy)]
struct Device {
    kind: i32,
    number: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct DataType {
    code: u8,
    bits: u8,
    lanes: u16,
}

#[repr(C)]
struct Tensor {
    data: *mut c_void,
    device: Device,
    dimensions: i32,
    kind: DataType,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

#[repr(C)]
struct Managed {
    tensor: Tensor,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Managed)>,
}

#[repr(C)]
struct Versioned {
    version: (u32, u32),
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Versioned)>,
    flags: u64,
    tensor: Tensor,
}

/// What a tensor points to.
struct Context {
    strides: Vec<i64>,
    shape: Vec<i64>,
    _owner: Owner,
}

/// The two forms of an exported tensor.
trait Exported {
    const NAME: &'static CStr;
    fn context(&self) -> *mut c_void;
}

impl Exported for Managed {
    const NAME: &'static CStr = c"dltensor";
    fn context(&self) -> *mut c_void {
        self.context
    }
}

impl Exported for Versioned {
    const NAME: &'static CStr = c"dltensor_versioned";
    fn context(&self) -> *mut c_void {
        self.context
    }
}

/// Called once by whoever took the tensor, from any thread.
unsafe extern "C" fn delete<T: Exported>(tensor: *mut T) {
    // SAFETY: both pointers come from boxes leaked by `into_dlpack`, and DLPack has its consumers call this exactly once.
    unsafe {
        let tensor = Box::from_raw(tensor);
        drop(Box::from_raw(tensor.context().cast::<Context>()));
    }
}

/// Frees a tensor that nobody took: consumers rename the capsule.
unsafe extern "C" fn drop_unused<T: Exported>(capsule: *mut PyObject) {
    // SAFETY: Python calls this attached, with a capsule made by `into_dlpack`; under its first name it still holds the boxed tensor.
    unsafe {
        if pyo3::ffi::PyCapsule_IsValid(capsule, T::NAME.as_ptr()) == 1 {
            delete(pyo3::ffi::PyCapsule_GetPointer(capsule, T::NAME.as_ptr()).cast::<T>());
        }
    }
}

/// Where the numbers of another library's array are; valid as long as the capsule.
pub(super) struct Import {
    pub start: *const u8,
    pub shape: Vec<usize>,
    /// Steps in bytes.
    pub strides: Vec<i64>,
    /// As numpy writes it: `|u1`, `<f4`, `|b1`; another text for other types.
    pub type_name: String,
}

/// Reads the old form of a capsule, which every library offers, and leaves it unused: whoever drops it frees the tensor.
pub(super) fn import(capsule: &Bound<'_, PyCapsule>) -> PyResult<Import> {
    let pointer = capsule.pointer_checked(Some(Managed::NAME))?.cast::<Managed>();
    // SAFETY: under this name a capsule holds a managed tensor, which lives as long as the capsule.
    let tensor = unsafe { &pointer.as_ref().tensor };
    if tensor.device.kind != CPU {
        return Err(PyTypeError::new_err("found a tensor on another device, expected one in the memory of the CPU: call `.cpu()` first"));
    }
    let DataType { code, bits, lanes } = tensor.kind;
    let type_name = match (code, bits, lanes) {
        (UNSIGNED, 8, 1) => "|u1".to_owned(),
        (BOOL, 8, 1) => "|b1".to_owned(),
        (FLOAT, 32, 1) => "<f4".to_owned(),
        _ => format!("DLPack type {code} of {bits} bits"),
    };
    let dimensions = usize::try_from(tensor.dimensions).unwrap_or(0);
    // SAFETY: DLPack has `dimensions` lengths there.
    let sides = unsafe { slice(tensor.shape, dimensions) };
    let shape: Vec<usize> = sides.iter().map(|&length| usize::try_from(length).unwrap_or(0)).collect();
    let steps = if tensor.strides.is_null() {
        dense(sides, 1)
    } else {
        // SAFETY: and as many steps, if any.
        unsafe { slice(tensor.strides, dimensions) }.to_vec()
    };
    let item = i64::from(bits.div_ceil(8));
    let strides = steps.iter().map(|step| step.saturating_mul(item)).collect();
    let start = tensor.data.cast_const().cast::<u8>().wrapping_add(usize::try_from(tensor.byte_offset).unwrap_or(0));
    Ok(Import { start, shape, strides, type_name })
}

/// # Safety
/// `length` numbers are at `start`, unless it is 0.
unsafe fn slice<'a>(start: *const i64, length: usize) -> &'a [i64] {
    if length == 0 || start.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(start, length) }
}
