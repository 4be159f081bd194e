//! A file as a data URI, for where it stands inside of an object.

use std::{fs, io};

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// The content of a file as `data:TYPE;base64,…`; the type is guessed from the extension.
///
/// # Errors
/// What the system says when the file cannot be read, with its path.
pub(crate) fn to_data_uri(path: &std::path::Path) -> io::Result<String> {
    let bytes = fs::read(path).map_err(|error| io::Error::new(error.kind(), format!("`{}` could not be read: {error}", path.display())))?;
    Ok(data_uri(mime_guess::from_path(path).first_or_octet_stream().as_ref(), &bytes))
}

/// Bytes as `data:TYPE;base64,…`.
pub(crate) fn data_uri(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))
}
