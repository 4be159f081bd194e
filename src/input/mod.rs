//! JSON to typed structs.
//!
//! The ready-made [`Seed`], [`Sampling`], [`ImageOutput`] and [`ImageSize`] save most models from writing them again.
//!
//! Which file next? `request` is the trait that a struct of inputs derives, `field` the trait of the types that an input may have; `scalar`,
//! `container`, `path`, `file`, `picture`, `secret`, `json`, `choice` and `union` are those types; `sources` says where files may come from, `limits` what they may ask of the machine, `fetch` downloads them, `address` tells which addresses are public, `file_name` and `media_type` what a file is called, and `error` what is wrong with a request.

mod address;
mod choice;
mod container;
mod data_uri;
mod error;
mod fetch;
mod field;
mod file;
mod file_name;
mod json;
mod limits;
mod media_type;
mod path;
mod pattern;
#[cfg(feature = "image")]
mod picture;
mod ready;
mod request;
mod scalar;
mod secret;
mod sources;
mod union;

pub use choice::Choice;
#[doc(hidden)]
pub use choice::{choice_literal, decode_choice};
pub use cog_kit_macros::{Choice, Input, Union};
#[cfg(feature = "serve")]
pub(crate) use data_uri::data_uri_from_bytes;
pub use error::{Fault, FieldError, InputError};
pub use field::{Field, Item, NotOptional, Place};
#[doc(hidden)]
pub use field::{FieldType, field};
pub use file::File;
pub use json::Json;
pub use limits::{InputLimit, InputLimits, LimitError, Unit};
#[cfg(feature = "serve")]
pub(crate) use media_type::media_type as media_type_of;
pub use path::Path;
#[cfg(feature = "image")]
pub use picture::Image;
pub use ready::{ImageOutput, ImageSize, Sampling, Seed};
pub use request::Input;
#[doc(hidden)]
pub use request::{GroupType, Pending, Reader, group};
pub use secret::Secret;
pub use union::Member;
#[doc(hidden)]
pub use union::{member, no_member};

pub use sources::Sources;
#[cfg(feature = "serve")]
pub(crate) use sources::{PUBLIC_URLS_VARIABLE, is_switched_on};
