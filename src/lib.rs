//! Publish machine-learning models with inputs that explain themselves.
//!
//! Which file next? [`schema`] for what Cog reads about a model, [`input`] for how a request becomes a struct, [`image`] for pictures,
//! [`predictor`] for what an author writes, [`serve`](mod@serve) for how it is served, [`testing`] for an author's own tests, [`guide`] for what `cog-kit check` says.

// Generated code says `::cog_kit`, inside this crate too.
#[cfg(feature = "input")]
extern crate self as cog_kit;

#[cfg(feature = "serve")]
mod cli;
#[cfg(feature = "guide")]
pub mod guide;
#[cfg(feature = "image")]
pub mod image;
#[cfg(feature = "input")]
pub mod input;
#[cfg(feature = "serve")]
pub mod predictor;
#[cfg(feature = "input")]
pub mod schema;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "serve")]
pub mod testing;

#[cfg(feature = "input")]
#[doc(hidden)]
pub mod private;

#[cfg(feature = "serve")]
pub use cli::{main, main_with_trainer};
#[cfg(all(feature = "input", feature = "image"))]
pub use input::Image;
#[cfg(feature = "input")]
pub use input::{Choice, File, Input, Json, Path, Secret, Union};
#[cfg(feature = "serve")]
pub use predictor::{AsyncPredictor, ConcatenateStream, Context, Error, Output, Predictor, Result, Stream, Trainer};

/// The README's examples compile.
#[cfg(all(doctest, feature = "serve"))]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// So do those of the reference of inputs and outputs.
#[cfg(all(doctest, feature = "serve"))]
#[doc = include_str!("../macros/attributes.md")]
pub struct Reference;
