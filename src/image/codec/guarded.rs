//! A decoder that cannot harm more than its own picture.

use super::{Channels, Format, ImageError, Picture, Pixels, Rows, Size, guard::contained};

/// A decoder whose panics are errors.
pub(in crate::image) struct Guarded<'a> {
    pub(super) format: Format,
    pub(super) picture: Box<dyn Picture + 'a>,
}

impl<'a> Guarded<'a> {
    /// Opens a decoder.
    pub(super) fn open(format: Format, open: impl FnOnce() -> Result<Box<dyn Picture + 'a>, ImageError>) -> Result<Self, ImageError> {
        let picture = contained(open).map_err(|reason| ImageError::CodecPanicked { format, reason })??;
        Ok(Self { format, picture })
    }
}

impl Rows for Guarded<'_> {
    fn size(&self) -> Size {
        self.picture.size()
    }

    fn channels(&self) -> Channels {
        self.picture.channels()
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let format = self.format;
        contained(|| self.picture.read(band)).map_err(|reason| ImageError::CodecPanicked { format, reason })?
    }

    fn take_whole(&mut self) -> Option<Pixels> {
        self.picture.take_whole()
    }
}
