//! Memory shared with other libraries without a copy: DLPack and Arrow out, arrays in. `unsafe` stands in this folder alone.
#![allow(unsafe_code)]

mod arrow;
mod dlpack;
mod read;

use std::{
    any::Any,
    ffi::{CStr, c_void},
    ptr::{self, NonNull},
    sync::Arc,
};

use pyo3::{ffi::PyObject, prelude::*, types::PyCapsule};

pub(crate) use arrow::arrow;
pub(crate) use dlpack::Export;
pub(crate) use read::{Array, Numbers};

/// What keeps exported memory alive.
type Owner = Arc<dyn Any + Send + Sync>;

/// Numbers that other libraries may write to: from its making on, Rust only passes on where they are.
pub(crate) struct Shared<T> {
    start: NonNull<T>,
    len: usize,
}

// SAFETY: it owns its numbers as a boxed slice does, and never reads or writes them itself until it is dropped.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above; a shared reference only tells the address.
unsafe impl<T: Sync> Sync for Shared<T> {}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(numbers: Vec<T>) -> Self {
        let numbers = Box::leak(numbers.into_boxed_slice());
        Self { len: numbers.len(), start: NonNull::from(numbers).cast() }
    }
}

impl<T> Shared<T> {
    /// Where the first number is, for others to read and write.
    pub(crate) fn address(&self) -> usize {
        self.start.as_ptr().expose_provenance()
    }

    fn start(&self) -> *const c_void {
        self.start.as_ptr().cast_const().cast()
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // SAFETY: start and length are those of a boxed slice that was leaked when this was made, and nobody else frees it.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(self.start.as_ptr(), self.len)) });
    }
}

/// A capsule that owns `value` until a consumer takes it.
fn capsule<'py, T>(
    py: Python<'py>,
    value: T,
    name: &'static CStr,
    destructor: unsafe extern "C" fn(*mut PyObject),
) -> PyResult<Bound<'py, PyCapsule>> {
    let value = NonNull::from(Box::leak(Box::new(value))).cast();
    // SAFETY: the pointer is that of a boxed `T`, and every destructor passed in this file frees a boxed `T`.
    unsafe { PyCapsule::new_with_pointer_and_destructor(py, value, name, Some(destructor)) }
}

/// The lengths of an array's dimensions as the interfaces write them.
fn lengths(shape: &[usize]) -> Vec<i64> {
    // No array in memory is longer than an isize.
    shape.iter().map(|&length| i64::try_from(length).unwrap_or(i64::MAX)).collect()
}

/// The steps of a dense array in C order, whose numbers are `item` apart.
fn dense(shape: &[i64], item: i64) -> Vec<i64> {
    let step = |step: &mut i64, length: &i64| {
        let own = *step;
        *step = step.saturating_mul(*length);
        Some(own)
    };
    let mut strides: Vec<i64> = shape.iter().rev().scan(item, step).collect();
    strides.reverse();
    strides
}
