//! Rust errors as Python exceptions.

use std::{io, path::Path};

use cog_kit::{guide::GuideError, image::ImageError};
use pyo3::{create_exception, exceptions::PyValueError, prelude::*};

create_exception!(cog_kit, CogKitError, PyValueError, "Something that cog-kit refuses; `code` names the reason for programs.");
create_exception!(cog_kit, PictureError, CogKitError, "A picture that cannot be read, changed or written.");

create_exception!(cog_kit, CheckError, CogKitError, "A model that cannot be checked.");

/// Adds the exception classes to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    // The class is called ImageError in Python; the Rust name is taken by the error it carries.
    let image_error = py.get_type::<PictureError>();
    image_error.setattr("__name__", "ImageError")?;
    image_error.setattr("__qualname__", "ImageError")?;
    module.add("CogKitError", py.get_type::<CogKitError>())?;
    module.add("ImageError", image_error)?;
    let guide_error = py.get_type::<CheckError>();
    guide_error.setattr("__name__", "GuideError")?;
    guide_error.setattr("__qualname__", "GuideError")?;
    module.add("GuideError", guide_error)
}

/// The exception for an error: `OSError` and its kin for files, `ImageError` with a `code` for the rest.
pub(crate) fn raise(py: Python<'_>, error: ImageError) -> PyErr {
    match error {
        ImageError::Io { source, path, .. } => os_error(py, &source, &path),
        other => coded(py, PictureError::new_err(other.to_string()), other.code()),
    }
}

/// The exception for an error of the guide: `OSError` and its kin for files, `GuideError` with a `code` for the rest.
pub(crate) fn raise_guide(py: Python<'_>, error: &GuideError) -> PyErr {
    match error {
        GuideError::Io { path, source, .. } => os_error(py, source, path),
        other => coded(py, CheckError::new_err(other.to_string()), other.code()),
    }
}

fn coded(py: Python<'_>, exception: PyErr, code: &str) -> PyErr {
    match exception.value(py).setattr("code", code) {
        Ok(()) => exception,
        Err(error) => error,
    }
}

fn os_error(py: Python<'_>, source: &io::Error, path: &Path) -> PyErr {
    let Some(number) = source.raw_os_error() else { return io::Error::new(source.kind(), source.to_string()).into() };
    // OSError(errno, strerror, filename) picks the right subclass itself.
    let message = py.import("os").and_then(|os| os.call_method1("strerror", (number,)));
    match message.and_then(|message| py.get_type::<pyo3::exceptions::PyOSError>().call1((number, message, path.as_os_str()))) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
