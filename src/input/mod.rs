//! JSON to typed structs.
//!
//! Which file next? `request` is the trait that a struct of inputs derives, `field` the trait of the types that an input may have; `scalar`,
//! `container` and `path` are those types; `sources` says where files may come from, and `error` what is wrong with a request.

mod container;
mod data_uri;
mod error;
mod fetch;
mod field;
mod file_name;
mod file_uri;
mod path;
#[cfg(feature = "image")]
mod picture;
mod request;
mod scalar;
mod sources;

pub use cog_kit_macros::Input;
pub use error::{Fault, FieldError, InputError};
pub use field::{Field, Item, Place};
#[doc(hidden)]
pub use field::{FieldType, field};
pub(crate) use file_uri::to_data_uri;
pub use path::Path;
#[cfg(feature = "image")]
pub use picture::Image;
pub use request::Input;
#[doc(hidden)]
pub use request::Reader;

pub use sources::Sources;
