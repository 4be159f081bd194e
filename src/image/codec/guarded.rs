//! A decoder that cannot harm more than its own picture.

use super::{Channels, Deadline, Format, ImageError, Picture, Pixels, Rows, Size, guard::contained};

/// A decoder whose panics are errors, and which is stopped when it takes too long.
pub(in crate::image) struct Guarded<'a> {
    pub(super) format: Format,
    pub(super) picture: Box<dyn Picture + 'a>,
    pub(super) deadline: Deadline,
}

impl<'a> Guarded<'a> {
    /// Opens a decoder.
    pub(super) fn open(
        format: Format,
        deadline: Deadline,
        open: impl FnOnce() -> Result<Box<dyn Picture + 'a>, ImageError>,
    ) -> Result<Self, ImageError> {
        let picture = contained(open).map_err(|reason| ImageError::CodecPanicked { format, reason })??;
        deadline.check(format)?;
        Ok(Self { format, picture, deadline })
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
        let count = contained(|| self.picture.read(band)).map_err(|reason| ImageError::CodecPanicked { format, reason })??;
        self.deadline.check(format)?;
        Ok(count)
    }

    fn take_whole(&mut self) -> Option<Pixels> {
        self.picture.take_whole()
    }
}
