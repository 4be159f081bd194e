//! How resulting pictures are written.

use crate::input::Input;

/// File format and quality of resulting pictures.
#[derive(Debug, Clone, PartialEq, Eq, Input)]
pub struct ImageOutput {
    /// File format of the resulting pictures.
    #[input(default = "webp", choices = ["webp", "jpg", "png"])]
    pub output_format: String,
    /// Quality of the resulting pictures, from 0 (small files) to 100 (best). PNG is always lossless.
    #[input(default = 80, ge = 0, le = 100, recommended = 60..=95)]
    pub output_quality: u32,
}
