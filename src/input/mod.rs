//! JSON to typed structs.
