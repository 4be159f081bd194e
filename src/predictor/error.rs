//! Why a setup or a prediction failed.

pub(super) use anyhow::Context;
/// Any error, with its causes; made by `?` from whatever implements [`std::error::Error`].
pub use anyhow::Error;
/// Leaves the function with an error made from a format string.
pub use anyhow::bail;
/// Leaves the function with an error unless a condition holds.
pub use anyhow::ensure;

/// A result whose error can be any error.
pub type Result<T, E = Error> = std::result::Result<T, E>;
