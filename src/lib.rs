//! Publish machine-learning models with inputs that explain themselves.
//!
//! Which file next? [`schema`] for what Cog reads about a model, [`input`] for how a request becomes a struct, [`image`] for pictures,
//! [`predictor`] for what an author writes.

// Generated code says `::cog_kit`, inside this crate too.
#[cfg(feature = "input")]
extern crate self as cog_kit;

#[cfg(feature = "image")]
pub mod image;
#[cfg(feature = "input")]
pub mod input;
#[cfg(feature = "input")]
pub mod schema;

#[cfg(feature = "input")]
#[doc(hidden)]
pub mod private;

#[cfg(all(feature = "input", feature = "image"))]
pub use input::Image;
#[cfg(feature = "input")]
pub use input::{Choice, File, Input, Json, Path, Secret, Union};
