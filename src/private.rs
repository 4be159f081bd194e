//! What generated code may call.

pub use crate::input::{Field, Input, Reader, field};
pub use crate::schema::{Choices, Entry, Literal, Number, Spec};
