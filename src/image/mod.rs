//! Any picture in, the right pixels out.
//!
//! Which file next? [`Source`] reads what a file says of itself, [`Prepare`] says what a model wants, `plan` decides every size, `prepare` conducts,
//! and `codec/` holds one decoder a file.

mod bytes;
mod codec;
mod colour;
mod error;
mod exif;
mod frames;
mod guard;
mod hdr;
mod icc;
mod info;
mod limits;
mod orientation;
mod pixels;
mod rows;
mod size;
mod sniff;
mod source;

pub use error::ImageError;
pub use frames::{Animation, Frame, Frames};
pub use info::{Format, Info, Warning};
pub use limits::Limits;
pub use orientation::Orientation;
pub use pixels::{Channels, Pixels};
pub use size::Size;
pub use source::{Source, StoredPixels, Truncated};

use rows::Rows;
use source::{Decode, Decoded, Scale};
