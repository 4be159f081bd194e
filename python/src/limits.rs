//! What a picture may ask of the machine, as Python sees it.

use cog_kit::image::Limits;
use pyo3::prelude::*;

use crate::options::{pixels, positive};

/// What a picture may ask of the machine; held against the header, before anything is allocated.
///
/// `max_bytes` counts the file (256 MiB by default), `max_side` the longest side in pixels (65,535), `max_pixels` those of a frame (100 million);
/// `max_frames` the frames that are handed out (1,000), `max_total_pixels` those of all of them (250 million);
/// `max_memory` bytes of memory beside the file, reckoned from the header, for decoding and for everything that is handed out (1 GiB);
/// `max_seconds` what decoding takes (60), looked at whenever a decoder has handed out some rows or a frame.
///
/// Raises `ValueError` for a limit below 1.
#[pyclass(frozen, name = "Limits", module = "cog_kit")]
pub(crate) struct PyLimits(pub Limits);

#[pymethods]
impl PyLimits {
    #[new]
    #[pyo3(signature = (*, max_bytes=268_435_456, max_side=65_535, max_pixels=100_000_000, max_frames=1000, max_total_pixels=250_000_000, max_memory=1_073_741_824, max_seconds=60))]
    #[pyo3(
        text_signature = "(*, max_bytes=268435456, max_side=65535, max_pixels=100000000, max_frames=1000, max_total_pixels=250000000, max_memory=1073741824, max_seconds=60)"
    )]
    fn new(
        max_bytes: i64,
        max_side: i64,
        max_pixels: i64,
        max_frames: i64,
        max_total_pixels: i64,
        max_memory: i64,
        max_seconds: i64,
    ) -> PyResult<Self> {
        Ok(Self(Limits {
            max_bytes: positive("max_bytes", max_bytes)?,
            max_side: pixels("max_side", max_side)?,
            max_pixels: positive("max_pixels", max_pixels)?,
            max_frames: pixels("max_frames", max_frames)?,
            max_total_pixels: positive("max_total_pixels", max_total_pixels)?,
            max_memory: positive("max_memory", max_memory)?,
            max_seconds: pixels("max_seconds", max_seconds)?,
        }))
    }

    /// Bytes of a file.
    #[getter]
    fn max_bytes(&self) -> u64 {
        self.0.max_bytes
    }

    /// The longest side, in pixels.
    #[getter]
    fn max_side(&self) -> u32 {
        self.0.max_side
    }

    /// Pixels in a frame.
    #[getter]
    fn max_pixels(&self) -> u64 {
        self.0.max_pixels
    }

    /// Frames that are handed out.
    #[getter]
    fn max_frames(&self) -> u32 {
        self.0.max_frames
    }

    /// Pixels of all frames that are handed out.
    #[getter]
    fn max_total_pixels(&self) -> u64 {
        self.0.max_total_pixels
    }

    /// Bytes of memory that decoding may take.
    #[getter]
    fn max_memory(&self) -> u64 {
        self.0.max_memory
    }

    /// Seconds that decoding may take.
    #[getter]
    fn max_seconds(&self) -> u32 {
        self.0.max_seconds
    }

    fn __repr__(&self) -> String {
        let Limits { max_bytes, max_side, max_pixels, max_frames, max_total_pixels, max_memory, max_seconds } = self.0;
        format!(
            "cog_kit.Limits(max_bytes={max_bytes}, max_side={max_side}, max_pixels={max_pixels}, max_frames={max_frames}, \
             max_total_pixels={max_total_pixels}, max_memory={max_memory}, max_seconds={max_seconds})"
        )
    }
}
