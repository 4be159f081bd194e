//! What generated code may call.
