//! Animations: which frames are wanted, and what is handed out for each.

use std::{num::NonZeroU32, time::Duration};

use super::{Decode, ImageError, Pixels, Rows, Source, Truncated, Warning, codec, source::collect};

/// Which frames of an animation are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frames {
    /// Every frame.
    All,
    /// The first frame, and then every so many.
    Every(NonZeroU32),
    /// So many frames, evenly spread from the first to the last; all where there are not more.
    Evenly(NonZeroU32),
}

impl Frames {
    /// How many frames of `total` are wanted.
    pub const fn count(self, total: u32) -> u32 {
        match self {
            Self::All => total,
            Self::Every(step) => total.div_ceil(step.get()),
            Self::Evenly(count) if count.get() < total => count.get(),
            Self::Evenly(_) => total,
        }
    }

    /// The number, from 0, of the wanted frame at `position`, from 0.
    fn index(self, position: u32, total: u32) -> u32 {
        match self {
            Self::All => position,
            Self::Every(step) => position.saturating_mul(step.get()),
            Self::Evenly(count) if count.get() < total => {
                let (gaps, last) = (u64::from(count.get() - 1), u64::from(total - 1));
                let index = (u64::from(position) * last + gaps / 2).checked_div(gaps).unwrap_or(0);
                u32::try_from(index).unwrap_or(u32::MAX)
            }
            Self::Evenly(_) => position,
        }
    }
}

/// A frame of an animation, composited on its canvas.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// Its number in the file, from 0.
    pub index: u32,
    /// How long it is shown, as the file says; browsers turn 10 ms and less into 100 ms.
    pub duration: Duration,
    /// The whole canvas, in 8-bit sRGB, as stored (not upright), alpha straight.
    pub pixels: Pixels,
}

/// The wanted frames of an animation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Animation {
    /// The frames, in their order.
    pub frames: Vec<Frame>,
    /// What was noticed and passed over while decoding.
    pub warnings: Vec<Warning>,
}

/// What takes frames: their number, their duration and their rows.
pub(super) type FrameSink<'s> = dyn FnMut(u32, Duration, &mut dyn Rows) -> Result<(), ImageError> + 's;

impl Source<'_> {
    /// The wanted frames of an animated GIF, PNG, WebP or AVIF; of a still picture, that one.
    ///
    /// A sequence of HEIC is a still picture: the one that is stored beside it.
    ///
    /// # Errors
    /// [`ImageError::TooManyFrames`], [`ImageError::TooManyTotalPixels`] and [`ImageError::TooMuchMemory`] before anything is decoded, [`ImageError::Truncated`] if the file ends
    /// before the last frame that is wanted and is not to be kept, and whatever else is wrong with the data.
    pub fn frames(&self, which: Frames, truncated: Truncated) -> Result<Animation, ImageError> {
        let mut frames = Vec::new();
        let beside = self.info().frame_bytes().saturating_mul(which.count(self.info().frames).into());
        let options = Decode { truncated, beside, deadline: self.deadline(), ..Decode::default() };
        let decoded = self.decode_frames(which, &options, &mut |index, duration, rows| {
            frames.push(Frame { index, duration, pixels: collect(rows)? });
            Ok(())
        })?;
        if let Some(colour) = decoded.colour {
            for frame in &mut frames {
                let channels = frame.pixels.channels();
                colour.apply(frame.pixels.as_bytes_mut(), channels);
            }
        }
        Ok(Animation { frames, warnings: decoded.warnings })
    }

    /// Hands each wanted frame to `sink`, with its number and duration; its colours are still to be brought into sRGB, as with [`Source::decode`].
    pub(super) fn decode_frames(&self, which: Frames, options: &Decode, sink: &mut FrameSink<'_>) -> Result<super::Decoded, ImageError> {
        let total = self.info().frames;
        let wanted = which.count(total);
        let last = which.index(wanted.saturating_sub(1), total);
        self.limits().check_frames(self.info().stored_size, wanted, last.saturating_add(1))?;
        if total <= 1 {
            return self.decode(options, &mut |rows| sink(0, Duration::ZERO, rows));
        }
        let truncated = options.truncated;
        let mut player = codec::play(self.bytes(), self.info(), options, self.limits())?;
        let mut warnings = Vec::new();
        let mut position = 0;
        let mut index = 0;
        while position < wanted {
            let shown = match player.next() {
                Ok(shown) => shown,
                Err(ImageError::Truncated { .. }) if truncated == Truncated::Keep && position > 0 => None,
                Err(failure) => return Err(failure),
            };
            let Some(duration) = shown else {
                if truncated == Truncated::Refuse {
                    let reason = format!("found {index} frames, expected {total}");
                    return Err(ImageError::Truncated { format: self.info().format, reason });
                }
                warnings.push(Warning::Truncated);
                break;
            };
            if index == which.index(position, total) {
                sink(index, duration, &mut player.canvas()?)?;
                position += 1;
            }
            index += 1;
        }
        let (colour, more) = codec::finish_frames(self.bytes(), &player);
        warnings.extend(more);
        Ok(super::Decoded { warnings, colour })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(which: Frames, total: u32) -> Vec<u32> {
        (0..which.count(total)).map(|position| which.index(position, total)).collect()
    }

    #[test]
    fn frames_are_picked_as_asked() {
        let number = |n| NonZeroU32::new(n).unwrap();
        let cases: [(Frames, u32, &[u32]); 9] = [
            (Frames::All, 3, &[0, 1, 2]),
            (Frames::Every(number(1)), 3, &[0, 1, 2]),
            (Frames::Every(number(4)), 10, &[0, 4, 8]),
            (Frames::Every(number(u32::MAX)), 10, &[0]),
            (Frames::Evenly(number(1)), 10, &[0]),
            (Frames::Evenly(number(2)), 10, &[0, 9]),
            (Frames::Evenly(number(4)), 10, &[0, 3, 6, 9]),
            (Frames::Evenly(number(3)), 10, &[0, 5, 9]),
            (Frames::Evenly(number(20)), 3, &[0, 1, 2]),
        ];
        for (which, total, expected) in cases {
            assert_eq!(indices(which, total), expected, "{which:?} of {total}");
        }
    }

    #[test]
    fn picked_frames_rise_and_stay_inside() {
        for total in 1..40 {
            for n in 1..50 {
                for which in [Frames::Every(NonZeroU32::new(n).unwrap()), Frames::Evenly(NonZeroU32::new(n).unwrap())] {
                    let picked = indices(which, total);
                    assert!(
                        picked.windows(2).all(|pair| pair[0] < pair[1]) && picked.iter().all(|&index| index < total),
                        "{which:?} of {total}"
                    );
                }
            }
        }
    }
}
