//! Any picture in, the right pixels out.
//!
//! Which file next? [`Source`] reads what a file says of itself, [`Prepare`] says what a model wants, `plan` decides every size, `prepare` conducts,
//! and `codec/` holds one decoder a file.

mod ahead;
mod alpha;
mod beside;
mod bytes;
mod codec;
mod colour;
mod encode;
mod error;
mod exif;
mod filter;
mod fit;
mod format;
mod frames;
mod geometry;
mod guard;
mod hdr;
mod icc;
mod info;
mod limits;
mod mask;
mod memory;
mod names;
mod orientation;
mod pixels;
mod plan;
mod plan_size;
mod planes;
mod prepare;
mod prepared;
mod resample;
mod restore;
mod rgb;
mod rows;
mod shrink;
mod simd;
mod size;
mod snap;
mod sniff;
mod source;
mod tensor;
mod turn;
mod warning;
mod xmp;

pub use alpha::Alpha;
pub use encode::{Encode, EncodeFormat, Subsampling};
pub use error::ImageError;
pub use filter::{Filter, Quality};
pub use fit::{Fit, Upscale};
pub use format::Format;
pub use frames::{Animation, Frame, Frames};
pub use geometry::{Point, Region};
pub use info::Info;
pub use limits::Limits;
pub use mask::{Mask, MaskChannel, MaskFilter, MaskOrientation, White};
pub use orientation::Orientation;
pub use pixels::{Channels, Pixels};
pub use plan::Plan;
pub use plan_size::{AspectRatio, PlanSize};
pub use prepare::{ColourSpace, Prepare};
pub use prepared::{Prepared, PreparedFrame};
pub use restore::{Restore, WayUp};
pub use rgb::Rgb;
pub use size::Size;
pub use snap::Snap;
pub use source::{Source, StoredPixels, Truncated};
pub use tensor::{Layout, Normalize, Tensor};
pub use warning::Warning;

use planes::{Levels, PlaneLayout, Planes};
use rows::Rows;
use source::{Decode, Decoded, Scale};
