//! An animation that is being played: frame after frame onto a canvas.

use std::time::Duration;

use super::{Deadline, Format, ImageError, Pixels, Rows, contained, whole::Whole};

/// A decoder of animations.
pub(super) trait Player {
    /// Puts the next frame on the canvas and returns how long it is shown; none behind the last.
    fn next(&mut self) -> Result<Option<Duration>, ImageError>;

    /// A copy of what the canvas shows.
    fn pixels(&self) -> Result<Pixels, ImageError>;
}

/// A decoder whose panics are errors, and which is stopped when it takes too long.
pub(in crate::image) struct GuardedPlayer<'a> {
    pub(super) format: Format,
    pub(super) player: Box<dyn Player + 'a>,
    deadline: Deadline,
}

impl<'a> GuardedPlayer<'a> {
    /// Opens a decoder.
    pub(super) fn open(
        format: Format,
        deadline: Deadline,
        open: impl FnOnce() -> Result<Box<dyn Player + 'a>, ImageError>,
    ) -> Result<Self, ImageError> {
        let player = contained(open).map_err(|reason| ImageError::CodecPanicked { format, reason })??;
        Ok(Self { format, player, deadline })
    }

    /// Puts the next frame on the canvas and returns how long it is shown; none behind the last.
    pub(in crate::image) fn next(&mut self) -> Result<Option<Duration>, ImageError> {
        let format = self.format;
        let shown = contained(|| self.player.next()).map_err(|reason| ImageError::CodecPanicked { format, reason })??;
        self.deadline.check(format)?;
        Ok(shown)
    }

    /// What the canvas shows, as rows.
    pub(in crate::image) fn canvas(&self) -> Result<impl Rows + use<>, ImageError> {
        Ok(Whole::new(self.player.pixels()?, Vec::new()))
    }
}
