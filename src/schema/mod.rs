//! Inputs and outputs as data, and the OpenAPI document that Cog prints for them.
//!
//! Which file next? `property` is one input as people read it, `input` and `output` are the two sides of a model, `document` puts them into Cog's
//! document. `spec` is the constant data that a derive writes down, and `tree` is JSON whose keys keep Cog's order.

mod document;
mod input;
mod number;
mod output;
mod property;
mod spec;
mod tree;

pub use document::Document;
pub use input::InputSchema;
pub use number::Number;
pub use output::{OutputField, OutputSchema};
pub use property::Property;
pub use spec::{Bounds, Choices, Entry, Kind, Literal, Spec};
