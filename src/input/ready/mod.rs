//! Inputs that most models have, ready to be used as they are or with other defaults and ranges.
//!
//! [`Seed`] is a type of one input; [`Sampling`], [`ImageOutput`] and [`ImageSize`] are groups. A model adjusts them where it uses them:
//!
//! ```
//! use cog_kit::Input;
//! use cog_kit::input::{ImageOutput, Sampling, Seed};
//!
//! #[derive(Input)]
//! struct Inputs {
//!     /// What the picture shows.
//!     prompt: String,
//!     #[input(group(prefix = "", num_inference_steps(default = 4, le = 12, recommended = 1..=8), num_outputs(le = 8)))]
//!     sampling: Sampling,
//!     /// Makes a result repeatable. Leave it out for a random one.
//!     #[input(default = None)]
//!     seed: Seed,
//!     #[input(group(prefix = "", output_format(default = "png")))]
//!     output: ImageOutput,
//! }
//!
//! let schema = Inputs::schema();
//! assert_eq!(schema.property("num_inference_steps").and_then(|steps| steps.default.clone()), Some(4.into()));
//! ```

mod image_output;
mod image_size;
mod sampling;
mod seed;

pub use image_output::ImageOutput;
pub use image_size::ImageSize;
pub use sampling::Sampling;
pub use seed::Seed;
