//! What a model wants of a picture, as a plain value. `plan` turns it into sizes, `prepared` into pixels.

use std::num::NonZeroUsize;

use super::names::names;
use super::plan::{MEGAPIXEL, Sizing};
use super::{Alpha, Filter, Fit, ImageError, Plan, Quality, Rgb, Size, Snap, Truncated, Upscale};

/// What a model wants of a picture: a plain value, to be made once and applied to any number of pictures.
///
/// # Examples
/// ```no_run
/// # use cog_kit::image::{Limits, Prepare, Rgb, Source};
/// let source = Source::open("photo.jpg", &Limits::default())?;
/// let prepared = Prepare::new().max_side(1024).multiple_of(8).background(Rgb::WHITE).apply(&source)?;
/// assert!(prepared.size().max_side() <= 1024);
/// # Ok::<(), cog_kit::image::ImageError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Prepare {
    pub(super) sizing: Sizing,
    pub(super) filter: Filter,
    pub(super) quality: Quality,
    pub(super) background: Rgb,
    pub(super) alpha: Alpha,
    pub(super) truncated: Truncated,
    pub(super) colours: ColourSpace,
    pub(super) threads: Option<NonZeroUsize>,
}

impl Default for Prepare {
    fn default() -> Self {
        Self {
            sizing: Sizing::default(),
            filter: Filter::default(),
            quality: Quality::default(),
            background: Rgb::WHITE,
            alpha: Alpha::default(),
            truncated: Truncated::default(),
            colours: ColourSpace::default(),
            threads: None,
        }
    }
}

impl Prepare {
    /// Upright, opaque over white, and as large as the picture is.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The box that the picture goes into, in pixels; [`fit`](Self::fit) says how.
    #[must_use]
    pub const fn size(self, width: u32, height: u32) -> Self {
        Self { sizing: Sizing { size: Some(Size::new(width, height)), ..self.sizing }, ..self }
    }

    /// How the picture goes into the box of [`size`](Self::size); `cover` by default, as in sharp.
    #[must_use]
    pub const fn fit(self, fit: Fit) -> Self {
        Self { sizing: Sizing { fit, ..self.sizing }, ..self }
    }

    /// The most that the longer side may have, in pixels. Never enlarges. With [`multiple_of`](Self::multiple_of) it counts as the largest
    /// multiple below it, so that rounding up cannot exceed it; a step larger than the limit wins.
    #[must_use]
    pub const fn max_side(self, pixels: u32) -> Self {
        Self { sizing: Sizing { max_side: Some(pixels), ..self.sizing }, ..self }
    }

    /// The most pixels that the result may have. Never enlarges. One step of [`multiple_of`](Self::multiple_of) a side wins over it.
    #[must_use]
    pub const fn max_pixels(self, pixels: u64) -> Self {
        Self { sizing: Sizing { max_pixels: Some(pixels), ..self.sizing }, ..self }
    }

    /// [`max_pixels`](Self::max_pixels) in megapixels of 1024 × 1024 = 1,048,576 pixels, as generation models count.
    #[must_use]
    pub fn megapixels(self, megapixels: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates; 0 is refused by the plan")]
        let pixels = (megapixels * MEGAPIXEL) as u64;
        self.max_pixels(pixels)
    }

    /// Both sides become multiples of this many pixels, never 0; 1 by default.
    #[must_use]
    pub const fn multiple_of(self, pixels: u32) -> Self {
        Self { sizing: Sizing { multiple_of: pixels, ..self.sizing }, ..self }
    }

    /// How the sides become multiples; `crop` by default, which neither stretches the picture nor makes pixels up.
    #[must_use]
    pub const fn snap(self, snap: Snap) -> Self {
        Self { sizing: Sizing { snap, ..self.sizing }, ..self }
    }

    /// Whether the box of [`size`](Self::size) may enlarge the picture; `never` by default.
    #[must_use]
    pub const fn upscale(self, upscale: Upscale) -> Self {
        Self { sizing: Sizing { upscale, ..self.sizing }, ..self }
    }

    /// The kernel that resamples; `lanczos3` by default.
    #[must_use]
    pub const fn filter(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }

    /// How much of the shrinking a decoder may do by itself; `fast` by default.
    #[must_use]
    pub const fn quality(self, quality: Quality) -> Self {
        Self { quality, ..self }
    }

    /// What is seen behind transparent pixels and in padding; white by default.
    #[must_use]
    pub const fn background(self, background: Rgb) -> Self {
        Self { background, ..self }
    }

    /// What becomes of transparency; `flatten` by default.
    #[must_use]
    pub const fn alpha(self, alpha: Alpha) -> Self {
        Self { alpha, ..self }
    }

    /// What to do with a file that ends early; `refuse` by default.
    #[must_use]
    pub const fn truncated(self, truncated: Truncated) -> Self {
        Self { truncated, ..self }
    }

    /// How many threads may work on one picture; 2 by default, where the machine has as many. Says nothing about the result, only how soon it is there:
    /// large pictures gain where rows or planes are decoded one after another, small ones use one thread. For many pictures at once, one each is best.
    #[must_use]
    pub const fn threads(self, threads: NonZeroUsize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// In which colours the result is; sRGB by default.
    #[must_use]
    pub const fn colours(self, colours: ColourSpace) -> Self {
        Self { colours, ..self }
    }

    /// What would become of an upright picture of this size.
    ///
    /// # Errors
    /// [`ImageError::ZeroStep`] and [`ImageError::ZeroOption`] if an option is 0, [`ImageError::OutputTooLarge`] if the result would have more
    /// than 2²⁸ pixels.
    ///
    /// # Examples
    /// ```
    /// # use cog_kit::image::{Prepare, Size};
    /// let plan = Prepare::new().max_side(1024).multiple_of(64).plan(Size::new(4000, 3000))?;
    /// assert_eq!(plan.output, Size::new(1024, 768));
    /// # Ok::<(), cog_kit::image::ImageError>(())
    /// ```
    pub fn plan(&self, source: Size) -> Result<Plan, ImageError> {
        let plan = self.sizing.plan(source)?;
        if self.filter == Filter::Nearest {
            return Ok(plan);
        }
        let (across, down) = plan.scale();
        let shrink = self.quality.shrink((1.0 / across).min(1.0 / down), source.pixels());
        Ok(Plan { shrink, ..plan })
    }
}

/// In which colours a prepared picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ColourSpace {
    /// sRGB, whatever the file is in: what models were trained on.
    #[default]
    Srgb,
    /// Those of the file's own profile, handed out as [`Prepared::icc_profile`](super::Prepared::icc_profile). Files without one, and those in
    /// grey, CMYK or high dynamic range, come out in sRGB nevertheless.
    File,
}

names!(ColourSpace, "colour space", Srgb = "srgb", File = "file");
