//! How large resulting pictures are.

use std::num::NonZeroU32;

use crate::input::{Fault, FieldError, Input};

/// What stands for the shape of the picture that came in.
const MATCH: &str = "match_input_image";

/// Pixels in a megapixel: a square of 1024.
const MEGAPIXEL: f64 = 1024.0 * 1024.0;

/// Shape and size of resulting pictures: an aspect ratio and megapixels, or width and height, or the shape of the picture that came in.
#[derive(Debug, Clone, PartialEq, Input)]
pub struct ImageSize {
    /// Shape of the result, width to height. `match_input_image` takes the shape of the picture that came in.
    #[input(
        default = "1:1",
        choices = ["1:1", "21:9", "16:9", "3:2", "4:3", "5:4", "4:5", "3:4", "2:3", "9:16", "9:21", "match_input_image"]
    )]
    pub aspect_ratio: String,
    /// Size of the result in megapixels; 1 is 1024 x 1024 pixels.
    #[input(default = 1, ge = 0.0625, le = 4)]
    pub megapixels: f64,
    /// Width of the result in pixels, in place of the megapixels.
    #[input(default = None, ge = 64, le = 4096)]
    pub width: Option<u32>,
    /// Height of the result in pixels, in place of the megapixels. Together with the width it also replaces the aspect ratio.
    #[input(default = None, ge = 64, le = 4096)]
    pub height: Option<u32>,
}

impl ImageSize {
    /// Width and height in pixels, each the nearest multiple of `multiple_of` and never 0.
    ///
    /// `incoming` is the upright size of the picture that came in, if one did.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the shape of a picture is asked for and none came in, or the aspect ratio is not two numbers.
    pub fn sides(&self, multiple_of: NonZeroU32, incoming: Option<(u32, u32)>) -> Result<(u32, u32), FieldError> {
        let (width, height) = (self.width.map(f64::from), self.height.map(f64::from));
        let (width, height) = match (width, height) {
            (Some(width), Some(height)) => (width, height),
            (Some(width), None) => (width, width / self.ratio(incoming)?),
            (None, Some(height)) => (height * self.ratio(incoming)?, height),
            (None, None) => {
                let (area, ratio) = (self.megapixels * MEGAPIXEL, self.ratio(incoming)?);
                ((area * ratio).sqrt(), (area / ratio).sqrt())
            }
        };
        Ok((snapped(width, multiple_of), snapped(height, multiple_of)))
    }

    /// Width to height.
    fn ratio(&self, incoming: Option<(u32, u32)>) -> Result<f64, FieldError> {
        let text = self.aspect_ratio.as_str();
        let sides = if text == MATCH {
            incoming.map(|(width, height)| (f64::from(width), f64::from(height)))
        } else {
            text.split_once(':').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)))
        };
        let expected = if text == MATCH { "an aspect ratio, since no picture came in" } else { "an aspect ratio such as `16:9`" };
        match sides {
            Some((width, height)) if width > 0.0 && height > 0.0 && f64::is_finite(width / height) => Ok(width / height),
            _ => Err(FieldError::new("aspect_ratio", Fault::Unusable { found: format!("{text:?}"), expected })),
        }
    }
}

/// The nearest multiple of `step`, at least one step.
fn snapped(length: f64, step: NonZeroU32) -> u32 {
    let steps = (length / f64::from(step.get())).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, and the next line clamps")]
    let steps = steps as u32;
    steps.clamp(1, u32::MAX / step) * step.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(aspect_ratio: &str, megapixels: f64, width: Option<u32>, height: Option<u32>) -> ImageSize {
        ImageSize { aspect_ratio: aspect_ratio.to_owned(), megapixels, width, height }
    }

    #[test]
    fn sizes_are_snapped_and_never_zero() {
        let cases = [
            (size("1:1", 1.0, None, None), None, (1024, 1024)),
            (size("16:9", 1.0, None, None), None, (1360, 768)),
            (size("9:16", 0.25, None, None), None, (384, 688)),
            (size("1:1", 1.0, Some(1000), Some(500)), None, (1008, 496)),
            (size("2:1", 1.0, Some(640), None), None, (640, 320)),
            (size("2:1", 1.0, None, Some(320)), None, (640, 320)),
            (size(MATCH, 1.0, None, None), Some((4000, 1000)), (2048, 512)),
            (size("1:1", 1.0, Some(3), Some(3)), None, (16, 16)),
            (size("1000000:1", 0.1, None, None), None, (323_824, 16)),
        ];
        let step = NonZeroU32::new(16).unwrap();
        for (size, incoming, expected) in cases {
            assert_eq!(size.sides(step, incoming).unwrap(), expected, "{size:?}");
        }
    }

    #[test]
    fn a_shape_that_is_none_is_told() {
        for text in [MATCH, "1:0", "wide", "-1:2", "NaN:1"] {
            let error = size(text, 1.0, None, None).sides(NonZeroU32::MIN, None).unwrap_err();
            assert!(error.to_string().starts_with(&format!("aspect_ratio: found {text:?}, expected an aspect ratio")), "{error}");
        }
    }
}
