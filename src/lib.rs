//! Publish machine-learning models with inputs that explain themselves.
//!
//! Which file next? [`schema`] for what Cog reads about a model, [`input`] for how a request becomes a struct, [`image`] for pictures,
//! [`predictor`] for what an author writes,
//! [`guide`] for what `cog-kit check` says.

#[cfg(feature = "guide")]
pub mod guide;
#[cfg(feature = "image")]
pub mod image;
#[cfg(feature = "input")]
pub mod input;
#[cfg(feature = "input")]
pub mod schema;

#[cfg(feature = "input")]
#[doc(hidden)]
pub mod private;
