//! Rounding sides to a multiple, in integers.

use std::num::NonZeroU32;

use super::names::names;

/// How the sides become multiples of [`Prepare::multiple_of`](super::Prepare::multiple_of); never 0, whatever the mode.
///
/// A side shorter than one step becomes one step and is stretched, since nothing else could fill it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Snap {
    /// Rounds to the nearest multiple that asks for no enlarging and cuts the least possible off two opposite edges. Shapes stay true.
    #[default]
    Crop,
    /// Rounds up and fills the new pixels, on all edges alike, with the background. Shapes stay true and nothing is lost.
    Pad,
    /// Rounds to the nearest multiple and stretches the picture by at most half a step.
    Nearest,
    /// Rounds down and squeezes the picture by less than a step.
    Down,
    /// Rounds up and stretches the picture by less than a step.
    Up,
}

names!(Snap, "snap", Crop = "crop", Pad = "pad", Nearest = "nearest", Down = "down", Up = "up");

/// Which whole number of steps a length becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    Nearest,
    Down,
    Up,
}

/// Tells a length that is a whole number of steps but for the last bits of its arithmetic.
const SLACK: f64 = 1e-6;

/// The length in pixels, rounded to a multiple of `step`: at least one step, at most the largest multiple that a `u32` holds.
pub(super) fn to_multiple(length: f64, step: NonZeroU32, rounding: Rounding) -> u32 {
    let steps = length / f64::from(step.get());
    let steps = match rounding {
        Rounding::Nearest => steps.round(),
        Rounding::Down => (steps + SLACK).floor(),
        Rounding::Up => (steps - SLACK).ceil(),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, and the next line clamps")]
    let steps = steps as u32;
    steps.clamp(1, u32::MAX / step) * step.get()
}

/// The largest multiple of `step` that is not above `limit`, yet at least one step.
pub(super) fn largest_multiple(limit: u32, step: NonZeroU32) -> u32 {
    (limit / step).max(1) * step.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_but_never_to_zero() {
        let cases = [
            (0.0, 8, [8, 8, 8]),
            (3.0, 8, [8, 8, 8]),
            (8.0, 8, [8, 8, 8]),
            (12.0, 8, [8, 16, 16]),
            (682.67, 64, [640, 704, 704]),
            (1023.0, 8, [1016, 1024, 1024]),
            (1_024.000_000_1, 8, [1024, 1024, 1024]),
            (f64::INFINITY, 8, [u32::MAX - 7; 3]),
            (f64::NAN, 8, [8, 8, 8]),
            (5.0, u32::MAX, [u32::MAX; 3]),
        ];
        for (length, step, expected) in cases {
            let step = NonZeroU32::new(step).unwrap();
            let found = [Rounding::Down, Rounding::Nearest, Rounding::Up].map(|rounding| to_multiple(length, step, rounding));
            assert_eq!(found, expected, "{length} to steps of {step}");
        }
    }

    #[test]
    fn largest_multiple_stays_under_the_limit() {
        let step = NonZeroU32::new(64).unwrap();
        assert_eq!(largest_multiple(1000, step), 960);
        assert_eq!(largest_multiple(63, step), 64);
    }
}
