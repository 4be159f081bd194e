//! A picture from a decoder that only knows whole pictures, handed out as rows.

use super::{Channels, ImageError, Picture, Pixels, Rows, Size, Warning};

/// Decoded pixels, handed out row by row or in one piece.
pub(super) struct Whole {
    size: Size,
    channels: Channels,
    pixels: Option<Pixels>,
    handed_out: usize,
    warnings: Vec<Warning>,
    is_srgb: bool,
}

impl Whole {
    /// All of `pixels`.
    pub(super) fn new(pixels: Pixels, warnings: Vec<Warning>) -> Self {
        Self { size: pixels.size(), channels: pixels.channels(), pixels: Some(pixels), handed_out: 0, warnings, is_srgb: false }
    }

    /// All of `pixels`, as a decoder's answer.
    pub(super) fn boxed<'a>(pixels: Pixels, warnings: Vec<Warning>) -> Box<dyn Picture + 'a> {
        Box::new(Self::new(pixels, warnings))
    }

    /// The same, with colours that are in sRGB whatever the file says.
    pub(super) fn in_srgb(self) -> Self {
        Self { is_srgb: true, ..self }
    }
}

impl Rows for Whole {
    fn size(&self) -> Size {
        self.size
    }

    fn channels(&self) -> Channels {
        self.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let rest = self.pixels.as_ref().and_then(|pixels| pixels.as_bytes().get(self.handed_out..)).unwrap_or_default();
        let stride = self.size.width as usize * self.channels.count();
        let count = band.len().min(rest.len());
        let (Some(from), Some(to)) = (rest.get(..count), band.get_mut(..count)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.handed_out += count;
        Ok(u32::try_from(count / stride.max(1)).unwrap_or(u32::MAX))
    }

    fn take_whole(&mut self) -> Option<Pixels> {
        if self.handed_out == 0 { self.pixels.take() } else { None }
    }
}

impl Picture for Whole {
    fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }

    fn is_srgb(&self) -> bool {
        self.is_srgb
    }
}
