//! What generated code may call.

pub use crate::input::{Choice, Field, Input, InputError, Item, Member, NotOptional, Place, Reader};
pub use crate::input::{choice_literal, decode_choice, field, group, member, no_member};
pub use crate::schema::{
    Bounds, Change, Choices, Entry, Group, Kind, Literal, Number, Spec, checked_change, checked_entries, checked_input,
};
pub use serde_json::Value;
