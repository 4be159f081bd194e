//! A decoder, seen as a source of rows.

use super::{Channels, ImageError, Pixels, Size};

/// A picture that is handed out from top to bottom, some rows at a time, in 8-bit samples.
pub(super) trait Rows {
    /// Width and height of what is handed out: the stored size, or smaller when the decoder scales.
    fn size(&self) -> Size;

    /// What a pixel holds.
    fn channels(&self) -> Channels;

    /// Fills `band`, whose length is a whole number of rows, with the next rows and returns how many were written; 0 at the end.
    ///
    /// # Errors
    /// Whatever is wrong with the data from here on; the rows handed out before stay valid.
    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError>;

    /// The whole picture without a copy, if the decoder has it in one piece and no row was read yet; then there are no more rows.
    fn take_whole(&mut self) -> Option<Pixels> {
        None
    }
}

/// Samples that are in memory already, handed out as a decoder would.
pub(super) struct SampleRows<'a> {
    size: Size,
    channels: Channels,
    left: &'a [u8],
}

impl<'a> SampleRows<'a> {
    /// All rows of `samples`, which hold exactly as many as `size` says.
    pub(super) const fn new(size: Size, channels: Channels, samples: &'a [u8]) -> Self {
        Self { size, channels, left: samples }
    }
}

impl Rows for SampleRows<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn channels(&self) -> Channels {
        self.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let row = (self.size.width as usize * self.channels.count()).max(1);
        let rows = (band.len() / row).min(self.left.len() / row);
        let (now, later) = self.left.split_at(rows * row);
        if let Some(band) = band.get_mut(..now.len()) {
            band.copy_from_slice(now);
        }
        self.left = later;
        Ok(u32::try_from(rows).unwrap_or(u32::MAX))
    }
}
