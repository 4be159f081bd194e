//! What was wrong with entropy-coded data and was concealed.

use super::super::{Format, ImageError, Size, Truncated, Warning};

/// What was wrong with entropy-coded data and was concealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// Some codes make no sense, or restart markers are missing or in the wrong place.
    pub(super) is_damaged: bool,
    /// The file ends before all data units are decoded.
    pub(super) is_truncated: bool,
}

impl Faults {
    pub(super) const DAMAGED: Self = Self { is_damaged: true, is_truncated: false };
    pub(super) const TRUNCATED: Self = Self { is_damaged: false, is_truncated: true };

    pub(super) const fn add(&mut self, other: Self) {
        self.is_damaged |= other.is_damaged;
        self.is_truncated |= other.is_truncated;
    }

    /// The warning that the caller sees; the end of the file is the reason for other faults where it is found.
    pub(super) fn warnings(self) -> Vec<Warning> {
        match self {
            Self { is_truncated: true, .. } => vec![Warning::Truncated],
            Self { is_damaged: true, .. } => vec![Warning::Damaged],
            _ => Vec::new(),
        }
    }

    /// Refuses a truncated file where that was asked for, with `rows` of the rows decoded.
    pub(super) fn check(self, truncated: Truncated, rows: u32, size: Size) -> Result<(), ImageError> {
        if self.is_truncated && truncated == Truncated::Refuse {
            let reason = format!("found data for less than {} of {} rows", rows.min(size.height), size.height);
            return Err(ImageError::Truncated { format: Format::Jpeg, reason });
        }
        Ok(())
    }
}
