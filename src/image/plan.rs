//! Every size is decided here, before a pixel is touched.
//!
//! A [`Plan`] is made in upright coordinates by [`Sizing::plan`]; the resizer carries it out, and [`Restore`](super::Restore) maps results back.

use std::num::NonZeroU32;

use super::snap::{Rounding, largest_multiple, to_multiple};
use super::{Fit, ImageError, Point, Region, Size, Snap, Upscale};

/// Pixels in a result; a plan for more is refused, whatever the picture.
const MAX_OUTPUT_PIXELS: u64 = 1 << 28;

/// Pixels in a megapixel as generation models count: 1024 × 1024.
pub(super) const MEGAPIXEL: f64 = 1_048_576.0;

/// What becomes of a picture: which part of it is shown, how large, and where in the result. All of it upright.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Width and height of the picture, upright.
    pub source: Size,
    /// The part of the picture that is shown.
    pub crop: Region,
    /// The size to which that part is resampled.
    pub content: Size,
    /// Columns of background left of it.
    pub left: u32,
    /// Rows of background above it.
    pub top: u32,
    /// Width and height of the result.
    pub output: Size,
    /// By how much a decoder may shrink the picture by itself: 1, 2, 4 or 8.
    pub shrink: u32,
}

impl Plan {
    /// Where a point of the upright picture lies in the result; outside of it if the point was cut off.
    pub fn to_output(&self, point: Point) -> Point {
        let (across, down) = self.scale();
        Point::new((point.x - self.crop.left) * across + f64::from(self.left), (point.y - self.crop.top) * down + f64::from(self.top))
    }

    /// Where a point of the result lies in the upright picture; outside of it if the point is in the padding.
    pub fn to_source(&self, point: Point) -> Point {
        let (across, down) = self.scale();
        Point::new((point.x - f64::from(self.left)) / across + self.crop.left, (point.y - f64::from(self.top)) / down + self.crop.top)
    }

    /// Pixels of the result for one pixel of the picture, across and down.
    pub fn scale(&self) -> (f64, f64) {
        (f64::from(self.content.width) / self.crop.width, f64::from(self.content.height) / self.crop.height)
    }

    /// Whether the result has pixels that show nothing of the picture.
    pub fn is_padded(&self) -> bool {
        self.content != self.output
    }
}

/// The options that decide the size of a result, and which part of an image it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sizing {
    pub(super) size: Option<Size>,
    pub(super) fit: Fit,
    pub(super) max_side: Option<u32>,
    pub(super) max_pixels: Option<u64>,
    pub(super) multiple_of: u32,
    pub(super) snap: Snap,
    pub(super) upscale: Upscale,
}

impl Default for Sizing {
    fn default() -> Self {
        Self {
            size: None,
            fit: Fit::default(),
            max_side: None,
            max_pixels: None,
            multiple_of: 1,
            snap: Snap::default(),
            upscale: Upscale::default(),
        }
    }
}

impl Sizing {
    /// The plan for an upright image of `source` pixels; it asks the decoder for no shrinking.
    ///
    /// # Errors
    /// [`ImageError::ZeroStep`], [`ImageError::ZeroOption`] and [`ImageError::OutputTooLarge`].
    pub(super) fn plan(&self, source: Size) -> Result<Plan, ImageError> {
        let step = NonZeroU32::new(self.multiple_of).ok_or(ImageError::ZeroStep)?;
        refuse_zero("max_side", self.max_side.map(u64::from))?;
        refuse_zero("max_pixels", self.max_pixels)?;
        refuse_zero("size", self.size.map(Size::pixels))?;
        refuse_zero("source", Some(source.pixels()))?;

        let ideal = self.ideal(source, step);
        let output = self.snapped(ideal, source, step);
        check_output(output)?;

        let (crop, content) = match self.filling(ideal, step) {
            Filling::Stretch => (Region::whole(source), output),
            Filling::Cut => (middle_of_shape(source, output), output),
            Filling::Pad => {
                let content = if self.keeps_shape() {
                    ideal.within(output.into(), Upscale::Never)
                } else {
                    Ideal::from(source).within(output.into(), self.upscale)
                };
                (Region::whole(source), content.rounded(output))
            }
        };
        Ok(Plan {
            source,
            crop,
            content,
            left: (output.width - content.width) / 2,
            top: (output.height - content.height) / 2,
            output,
            shrink: 1,
        })
    }

    /// The size asked for, before any rounding: within every limit, in the shape of the picture or of the box.
    fn ideal(&self, source: Size, step: NonZeroU32) -> Ideal {
        let shape = Ideal::from(source);
        let wanted = match (self.size, self.fit) {
            (None, _) => shape,
            (Some(target), Fit::Cover | Fit::Contain | Fit::Fill) => target.into(),
            (Some(target), Fit::Inside) => {
                // Rounding up to a multiple cannot leave a box whose sides are multiples.
                let target = Size::new(largest_multiple(target.width, step), largest_multiple(target.height, step));
                shape.within(target.into(), self.upscale)
            }
            (Some(target), Fit::Outside) => shape.around(target.into(), self.upscale),
        };
        let wanted = match self.max_side {
            Some(limit) => {
                let limit = f64::from(largest_multiple(limit, step));
                wanted.within(Ideal { width: limit, height: limit }, Upscale::Never)
            }
            None => wanted,
        };
        match self.max_pixels {
            Some(limit) => wanted.with_pixels(limit),
            None => wanted,
        }
    }

    /// The ideal size in whole steps, still within `max_pixels` where that has room for one step a side.
    fn snapped(&self, ideal: Ideal, source: Size, step: NonZeroU32) -> Size {
        let rounding = match self.snap {
            _ if step.get() == 1 => Rounding::Nearest,
            Snap::Crop | Snap::Nearest => Rounding::Nearest,
            Snap::Down => Rounding::Down,
            Snap::Up | Snap::Pad => Rounding::Up,
        };
        // A picture that is to be cut, not stretched, would have to be enlarged to fill a longer side.
        let may_exceed_source = self.snap != Snap::Crop || !self.keeps_shape() || self.upscale == Upscale::Allowed;
        let side = |ideal: f64, source: u32| {
            let rounded = to_multiple(ideal, step, rounding);
            if rounded > source && !may_exceed_source { to_multiple(ideal, step, Rounding::Down) } else { rounded }
        };
        let mut size = Size::new(side(ideal.width, source.width), side(ideal.height, source.height));
        let Some(limit) = self.max_pixels else { return size };
        while size.pixels() > limit && (size.width > step.get() || size.height > step.get()) {
            // The side that lies further above its ideal gives way first.
            let across = size.height <= step.get()
                || (size.width > step.get() && f64::from(size.width) / ideal.width >= f64::from(size.height) / ideal.height);
            if across {
                size.width = largest_multiple(size.width - 1, step);
            } else {
                size.height = largest_multiple(size.height - 1, step);
            }
        }
        size
    }

    fn filling(&self, ideal: Ideal, step: NonZeroU32) -> Filling {
        if !self.keeps_shape() {
            return match self.fit {
                Fit::Contain => Filling::Pad,
                Fit::Fill => Filling::Stretch,
                Fit::Cover | Fit::Inside | Fit::Outside => Filling::Cut,
            };
        }
        let step = f64::from(step.get());
        match self.snap {
            _ if step == 1.0 => Filling::Stretch,
            Snap::Pad => Filling::Pad,
            // A side below one step leaves nothing to cut.
            Snap::Crop if ideal.width >= step && ideal.height >= step => Filling::Cut,
            Snap::Crop | Snap::Nearest | Snap::Down | Snap::Up => Filling::Stretch,
        }
    }

    /// Whether the result has the picture's shape but for rounding.
    fn keeps_shape(&self) -> bool {
        self.size.is_none() || matches!(self.fit, Fit::Inside | Fit::Outside)
    }
}

/// Refuses a result of more than [`MAX_OUTPUT_PIXELS`], before anything is allocated for it.
pub(super) const fn check_output(size: Size) -> Result<(), ImageError> {
    if size.pixels() > MAX_OUTPUT_PIXELS {
        return Err(ImageError::OutputTooLarge { found: size, limit: MAX_OUTPUT_PIXELS });
    }
    Ok(())
}

/// How a picture fills a result whose shape is not quite its own.
enum Filling {
    Stretch,
    Cut,
    Pad,
}

fn refuse_zero(option: &'static str, value: Option<u64>) -> Result<(), ImageError> {
    if value == Some(0) { Err(ImageError::ZeroOption { option }) } else { Ok(()) }
}

/// The largest part of the picture's middle that has the shape of `output`.
fn middle_of_shape(source: Size, output: Size) -> Region {
    let shape = Ideal::from(output).within(source.into(), Upscale::Allowed);
    let region = Region::centred(shape.width, shape.height, source);
    if shape == output.into() {
        // Nothing is resampled if the pixels are taken as they are, so no half pixels.
        return Region { left: region.left.floor(), top: region.top.floor(), ..region };
    }
    region
}

/// Width and height before rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ideal {
    width: f64,
    height: f64,
}

impl From<Size> for Ideal {
    fn from(size: Size) -> Self {
        Self { width: size.width.into(), height: size.height.into() }
    }
}

// Each side is one product and one quotient, so sides that divide evenly come out even.
impl Ideal {
    /// The largest of this shape that lies within `limit`.
    fn within(self, limit: Self, upscale: Upscale) -> Self {
        if upscale == Upscale::Never && self.width <= limit.width && self.height <= limit.height {
            return self;
        }
        if self.is_wider_than(limit) { self.with_width(limit.width) } else { self.with_height(limit.height) }
    }

    /// The smallest of this shape that covers `target`.
    fn around(self, target: Self, upscale: Upscale) -> Self {
        if upscale == Upscale::Never && (self.width <= target.width || self.height <= target.height) {
            return self;
        }
        if self.is_wider_than(target) { self.with_height(target.height) } else { self.with_width(target.width) }
    }

    /// The same shape with no more than `limit` pixels.
    fn with_pixels(self, limit: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "more than 2^53 pixels never fit the output limit")]
        let limit = limit as f64;
        if self.width * self.height <= limit {
            return self;
        }
        Self { width: (limit * self.width / self.height).sqrt(), height: (limit * self.height / self.width).sqrt() }
    }

    fn is_wider_than(self, other: Self) -> bool {
        self.width * other.height >= other.width * self.height
    }

    fn with_width(self, width: f64) -> Self {
        Self { width, height: self.height * width / self.width }
    }

    fn with_height(self, height: f64) -> Self {
        Self { width: self.width * height / self.height, height }
    }

    /// Whole pixels, at least 1 and at most `limit` a side.
    fn rounded(self, limit: Size) -> Size {
        let step = NonZeroU32::MIN;
        Size::new(
            to_multiple(self.width, step, Rounding::Nearest).min(limit.width),
            to_multiple(self.height, step, Rounding::Nearest).min(limit.height),
        )
    }
}
