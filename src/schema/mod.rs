//! Inputs and outputs as data, and the OpenAPI document that Cog prints for them.
//!
//! Which file next? `property` is one input as people read it, `input` and `output` are the two sides of a model, `document` puts them into Cog's
//! document (`training` into that of a model that can be trained), and `diff` tells two apart. `spec` is the constant data that a derive writes down, of the kinds in `kind`; `group` puts specs together, `verify`
//! checks them while a program compiles, and `tree` is JSON whose keys keep Cog's order.

mod diff;
mod document;
mod group;
mod input;
mod json_schema;
mod kind;
mod number;
mod output;
mod property;
mod spec;
mod training;
mod tree;
mod verify;

pub use diff::{Difference, differences};
pub use document::Document;
pub use group::{Change, Entry, Group};
pub use input::InputSchema;
pub use kind::{Bounds, Choices, Facts, Kind, Literal};
pub use number::Number;
pub use output::{OutputField, OutputSchema};
pub use property::Property;
pub use spec::Spec;
pub use training::{MergedDocument, TrainingDocument};
#[doc(hidden)]
pub use verify::{checked_change, checked_entries, checked_input};
