//! What a file may ask of the machine.

/// What a picture may ask of the machine; checked from the header, before anything is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes; 256 MiB.
    pub max_bytes: u64,
    /// Longest side in pixels; 65,535.
    pub max_side: u32,
    /// Pixels in a frame; 100 million.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 256 << 20, max_side: 65_535, max_pixels: 100_000_000 }
    }
}
