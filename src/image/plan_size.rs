//! The size that a generation model should be asked for.

use std::num::NonZeroU32;
use std::str::FromStr;

use super::plan::{MEGAPIXEL, check_output};
use super::snap::{Rounding, largest_multiple, to_multiple};
use super::{ImageError, Size};

/// Width to height, such as 16:9.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AspectRatio {
    width: f64,
    height: f64,
}

impl AspectRatio {
    /// A square.
    pub const SQUARE: Self = Self { width: 1.0, height: 1.0 };

    /// The ratio of two lengths, in any unit.
    ///
    /// # Errors
    /// [`ImageError::UnknownRatio`] unless both are finite and above 0.
    pub fn new(width: f64, height: f64) -> Result<Self, ImageError> {
        let ratio = Self { width, height };
        let usable = width > 0.0 && height > 0.0 && (width / height).is_normal() && (height / width).is_normal();
        if usable { Ok(ratio) } else { Err(ImageError::UnknownRatio { found: format!("{width}:{height}") }) }
    }

    /// Width divided by height.
    pub fn value(self) -> f64 {
        self.width / self.height
    }
}

/// Reads `16:9`, `16/9`, `1344x768`, or a number such as `1.5`.
impl FromStr for AspectRatio {
    type Err = ImageError;

    fn from_str(text: &str) -> Result<Self, ImageError> {
        let unknown = || ImageError::UnknownRatio { found: text.to_owned() };
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| unknown());
        let (width, height) = match text.split_once([':', '/', 'x', 'X', '×']) {
            Some((width, height)) => (number(width)?, number(height)?),
            None => (number(text)?, 1.0),
        };
        Self::new(width, height).map_err(|_| unknown())
    }
}

/// What a generation model can make: the size follows from shape, pixel count and multiple.
///
/// # Examples
/// ```
/// # use cog_kit::image::{PlanSize, Size};
/// let size = PlanSize::new().aspect_ratio("16:9".parse()?).megapixels(1.0).multiple_of(16).plan()?;
/// assert_eq!(size, Size::new(1360, 768));
/// # Ok::<(), cog_kit::image::ImageError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanSize {
    aspect_ratio: Option<AspectRatio>,
    megapixels: Option<f64>,
    multiple_of: u32,
    like: Option<Size>,
    max_side: Option<u32>,
}

impl Default for PlanSize {
    fn default() -> Self {
        Self { aspect_ratio: None, megapixels: None, multiple_of: 1, like: None, max_side: None }
    }
}

impl PlanSize {
    /// A square of one megapixel.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The shape; by default that of [`like`](Self::like), else a square.
    #[must_use]
    pub const fn aspect_ratio(self, ratio: AspectRatio) -> Self {
        Self { aspect_ratio: Some(ratio), ..self }
    }

    /// About how many pixels, in megapixels of 1024 × 1024; by default as many as [`like`](Self::like) has, else 1.
    #[must_use]
    pub const fn megapixels(self, megapixels: f64) -> Self {
        Self { megapixels: Some(megapixels), ..self }
    }

    /// Both sides become multiples of this many pixels, never 0; 1 by default.
    #[must_use]
    pub const fn multiple_of(self, pixels: u32) -> Self {
        Self { multiple_of: pixels, ..self }
    }

    /// The picture whose shape and pixel count are wanted, where nothing else says them.
    #[must_use]
    pub const fn like(self, size: Size) -> Self {
        Self { like: Some(size), ..self }
    }

    /// The most that the longer side may have, in pixels; the shape stays.
    #[must_use]
    pub const fn max_side(self, pixels: u32) -> Self {
        Self { max_side: Some(pixels), ..self }
    }

    /// The size: both sides are multiples, and one of them is within half a step of what the ratio makes of the other.
    ///
    /// The pixel count gives way to the ratio, and the ratio to `max_side`, where a side would be shorter than half a step.
    ///
    /// # Errors
    /// [`ImageError::ZeroStep`] and [`ImageError::ZeroOption`] if an option is 0 (or no number), [`ImageError::OutputTooLarge`] above 2²⁸ pixels.
    pub fn plan(&self) -> Result<Size, ImageError> {
        let step = NonZeroU32::new(self.multiple_of).ok_or(ImageError::ZeroStep)?;
        let limit = match self.max_side {
            Some(0) => return Err(ImageError::ZeroOption { option: "max_side" }),
            Some(limit) => largest_multiple(limit, step),
            None => u32::MAX,
        };
        if self.like.is_some_and(Size::is_empty) {
            return Err(ImageError::ZeroOption { option: "like" });
        }
        #[expect(clippy::cast_precision_loss, reason = "a pixel more or less among 2^53 changes no size")]
        let pixels = match (self.megapixels, self.like) {
            (Some(megapixels), _) if megapixels > 0.0 => megapixels * MEGAPIXEL,
            (Some(_), _) => return Err(ImageError::ZeroOption { option: "megapixels" }),
            (None, Some(like)) => like.pixels() as f64,
            (None, None) => MEGAPIXEL,
        };
        let ratio = match (self.aspect_ratio, self.like) {
            (Some(ratio), _) => ratio.value(),
            (None, Some(like)) => f64::from(like.width) / f64::from(like.height),
            (None, None) => 1.0,
        };

        // Long and short side, whichever way round.
        let elongation = ratio.max(1.0 / ratio);
        let (long, short) = sides(elongation, (pixels * elongation).sqrt(), limit, step);
        let size = if ratio >= 1.0 { Size::new(long, short) } else { Size::new(short, long) };
        check_output(size)?;
        Ok(size)
    }
}

/// The multiple above or below the ideal long side with which the short side comes closest to the ratio; the nearer one where both do.
fn sides(elongation: f64, ideal: f64, limit: u32, step: NonZeroU32) -> (u32, u32) {
    let ideal = ideal.min(f64::from(limit));
    let short_of = |long: u32| to_multiple(f64::from(long) / elongation, step, Rounding::Nearest);
    let error = |long: u32| (f64::from(long) / f64::from(short_of(long)) / elongation).ln().abs();
    let below = to_multiple(ideal, step, Rounding::Down).min(limit);
    let above = to_multiple(ideal, step, Rounding::Up).min(limit);
    let difference = error(above) - error(below);
    // As good a shape twice: the size decides.
    let is_above_nearer = f64::from(above) - ideal < ideal - f64::from(below);
    let long = if difference < -1e-9 || difference.abs() <= 1e-9 && is_above_nearer { above } else { below };
    if f64::from(long) / elongation < f64::from(step.get()) / 2.0 {
        // One step is as short as it gets, so the long side follows it.
        return (to_multiple(f64::from(step.get()) * elongation, step, Rounding::Nearest).min(limit), step.get());
    }
    (long, short_of(long))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_sizes_of_one_shape_the_nearer_is_taken() {
        let size =
            |megapixels| PlanSize::new().aspect_ratio(AspectRatio::new(48.0, 47.0).unwrap()).megapixels(megapixels).multiple_of(100).plan();
        assert_eq!([size(0.082).unwrap(), size(0.055).unwrap()], [Size::new(300, 300), Size::new(200, 200)]);
    }

    #[test]
    fn ratios_are_read_as_people_write_them() {
        for (text, expected) in [("16:9", 16.0 / 9.0), ("3/2", 1.5), ("1344x768", 1.75), (" 2 : 3 ", 2.0 / 3.0), ("1.85", 1.85), ("1", 1.0)]
        {
            assert_eq!(text.parse::<AspectRatio>().unwrap().value(), expected, "{text}");
        }
        for text in ["", "wide", "16:", ":9", "0:1", "1:0", "-1:2", "nan", "inf:1", "1:2:3", "1e300:1e-300"] {
            assert_eq!(text.parse::<AspectRatio>().unwrap_err().code(), "image.unknown_ratio", "{text}");
        }
    }

    #[test]
    fn common_shapes_have_the_sizes_that_models_know() {
        let one = PlanSize::new().megapixels(1.0);
        for (text, step, expected) in [
            ("1:1", 16, Size::new(1024, 1024)),
            ("1:1", 64, Size::new(1024, 1024)),
            ("16:9", 16, Size::new(1360, 768)),
            ("9:16", 16, Size::new(768, 1360)),
            ("3:2", 16, Size::new(1248, 832)),
            ("4:3", 64, Size::new(1216, 896)),
            ("21:9", 32, Size::new(1568, 672)),
        ] {
            let size = one.aspect_ratio(text.parse().unwrap()).multiple_of(step).plan().unwrap();
            assert_eq!(size, expected, "{text} in steps of {step}");
        }
        assert_eq!(PlanSize::new().like(Size::new(1920, 1080)).multiple_of(8).plan().unwrap(), Size::new(1920, 1080));
        assert_eq!(PlanSize::new().like(Size::new(4000, 3000)).max_side(1000).multiple_of(16).plan().unwrap(), Size::new(992, 752));
        assert_eq!(PlanSize::new().like(Size::new(4000, 3000)).megapixels(0.25).plan().unwrap(), Size::new(592, 444));
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (options, code) in [
            (PlanSize::new().multiple_of(0), "image.zero_step"),
            (PlanSize::new().megapixels(0.0), "image.zero_option"),
            (PlanSize::new().megapixels(f64::NAN), "image.zero_option"),
            (PlanSize::new().megapixels(f64::INFINITY), "image.output_too_large"),
            (PlanSize::new().max_side(0), "image.zero_option"),
            (PlanSize::new().like(Size::new(0, 5)), "image.zero_option"),
            (PlanSize::new().megapixels(1e9), "image.output_too_large"),
        ] {
            assert_eq!(options.plan().unwrap_err().code(), code, "{options:?}");
        }
    }
}
