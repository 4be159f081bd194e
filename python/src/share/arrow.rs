//! Arrow's C data interface, as laid out in its specification: pixels out to Pillow.

use std::{
    ffi::{CStr, c_char, c_void},
    ptr,
    sync::Arc,
};

use pyo3::{exceptions::PyBufferError, ffi::PyObject, prelude::*, types::PyCapsule};

use super::{Owner, capsule};

#[repr(C)]
struct ArrowSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    dictionary: *mut ArrowSchema,
    release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

#[repr(C)]
struct ArrowArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

/// What a schema's pointers point to.
struct SchemaParts {
    child: Option<Box<ArrowSchema>>,
    children: [*mut ArrowSchema; 1],
}

/// What an array's pointers point to.
struct ArrayParts {
    child: Option<Box<ArrowArray>>,
    children: [*mut ArrowArray; 1],
    buffers: [*const c_void; 2],
    _owner: Option<Owner>,
}

/// Pixels as an Arrow array: one byte an element for `width` 1, else lists of `width` bytes (4 is what Pillow takes).
pub(crate) fn arrow<T: AsRef<[u8]> + Send + Sync + 'static>(
    py: Python<'_>,
    owner: Arc<T>,
    width: usize,
) -> PyResult<(Bound<'_, PyCapsule>, Bound<'_, PyCapsule>)> {
    let bytes = (*owner).as_ref();
    let (start, length) = (bytes.as_ptr().cast(), bytes.len());
    let list = match width {
        1 => None,
        4 => Some(c"+w:4"),
        _ => return Err(PyBufferError::new_err(format!("found {width} bytes a pixel, Arrow is offered for 1 and 4"))),
    };
    let byte_schema = schema(c"C", None);
    let byte_array = array(length, 2, [ptr::null(), start], None, Some(owner));
    let (schema, array) = match list {
        None => (byte_schema, byte_array),
        Some(format) => {
            let pixels = length / width;
            (schema(format, Some(byte_schema)), array(pixels, 1, [ptr::null(); 2], Some(byte_array), None))
        }
    };
    Ok((capsule(py, schema, c"arrow_schema", drop_arrow::<ArrowSchema>)?, capsule(py, array, c"arrow_array", drop_arrow::<ArrowArray>)?))
}

fn schema(format: &'static CStr, child: Option<ArrowSchema>) -> ArrowSchema {
    let mut parts = Box::new(SchemaParts { child: child.map(Box::new), children: [ptr::null_mut()] });
    let count = i64::from(parts.child.is_some());
    if let Some(child) = &mut parts.child {
        parts.children = [&raw mut **child];
    }
    let parts = Box::into_raw(parts);
    ArrowSchema {
        format: format.as_ptr(),
        name: c"".as_ptr(),
        metadata: ptr::null(),
        flags: 0,
        n_children: count,
        // SAFETY: `parts` is a live box; only the address of its field is taken.
        children: unsafe { &raw mut (*parts).children }.cast(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: parts.cast(),
    }
}

fn array(length: usize, n_buffers: i64, buffers: [*const c_void; 2], child: Option<ArrowArray>, owner: Option<Owner>) -> ArrowArray {
    let mut parts = Box::new(ArrayParts { child: child.map(Box::new), children: [ptr::null_mut()], buffers, _owner: owner });
    let count = i64::from(parts.child.is_some());
    if let Some(child) = &mut parts.child {
        parts.children = [&raw mut **child];
    }
    let parts = Box::into_raw(parts);
    ArrowArray {
        length: i64::try_from(length).unwrap_or(i64::MAX),
        null_count: 0,
        offset: 0,
        n_buffers,
        n_children: count,
        // SAFETY: `parts` is a live box; only the addresses of its fields are taken.
        buffers: unsafe { &raw mut (*parts).buffers }.cast(),
        // SAFETY: as above.
        children: unsafe { &raw mut (*parts).children }.cast(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: parts.cast(),
    }
}

/// The two structures of Arrow, which are released alike.
trait Arrow {
    const NAME: &'static CStr;
    /// Frees what the structure points to, unless a consumer took it over.
    fn release(&mut self);
}

impl Arrow for ArrowSchema {
    const NAME: &'static CStr = c"arrow_schema";
    fn release(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: whoever sets `release` gives one that takes this structure; once done, it is none.
            unsafe { release(self) };
        }
    }
}

impl Arrow for ArrowArray {
    const NAME: &'static CStr = c"arrow_array";
    fn release(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: as above.
            unsafe { release(self) };
        }
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: called once with a structure made by `schema`, whose private data is a leaked box.
    unsafe {
        let mut parts = Box::from_raw((*schema).private_data.cast::<SchemaParts>());
        if let Some(child) = &mut parts.child {
            child.release();
        }
        (*schema).release = None;
    }
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: called once with a structure made by `array`, whose private data is a leaked box.
    unsafe {
        let mut parts = Box::from_raw((*array).private_data.cast::<ArrayParts>());
        if let Some(child) = &mut parts.child {
            child.release();
        }
        (*array).release = None;
    }
}

unsafe extern "C" fn drop_arrow<T: Arrow>(capsule: *mut PyObject) {
    // SAFETY: Python calls this attached, with a capsule made by `arrow`, whose box nobody else frees: consumers move the contents out.
    unsafe {
        let pointer = pyo3::ffi::PyCapsule_GetPointer(capsule, T::NAME.as_ptr()).cast::<T>();
        if !pointer.is_null() {
            Box::from_raw(pointer).release();
        }
    }
}
