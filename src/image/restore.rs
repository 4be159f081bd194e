//! The way back: what a model found or made, in the geometry of the original.

use super::names::names;
use super::resample::{Task, resample_pixels};
use super::turn::turn;
use super::{Channels, Filter, ImageError, Orientation, Pixels, Plan, Point, Region, Rgb, Size};

/// Which way up a restored result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WayUp {
    /// Upright, as people see the picture.
    #[default]
    Upright,
    /// As the pixels are stored in the file, before its orientation is applied.
    Stored,
}

names!(WayUp, "way up", Upright = "upright", Stored = "stored");

/// Takes points, boxes, masks and pictures from a prepared picture's geometry back to the original's: padding, cropping and scaling undone.
///
/// A plain value; it keeps no pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Restore {
    plan: Plan,
    orientation: Orientation,
    background: Rgb,
    way_up: WayUp,
    /// The size in which results are measured.
    from: Size,
    /// The size of what comes out, upright.
    to: Size,
}

impl Restore {
    pub(super) const fn new(plan: Plan, orientation: Orientation, background: Rgb) -> Self {
        Self { plan, orientation, background, way_up: WayUp::Upright, from: plan.output, to: plan.source }
    }

    /// Which way up results come out; upright by default.
    #[must_use]
    pub const fn way_up(self, way_up: WayUp) -> Self {
        Self { way_up, ..self }
    }

    /// Points and boxes are measured on a result of this size; by default on the prepared picture. (Masks and pictures say their size themselves.)
    #[must_use]
    pub const fn measured_on(self, size: Size) -> Self {
        Self { from: size, ..self }
    }

    /// Results come out for an original of this size, upright; by default its own.
    #[must_use]
    pub const fn to_size(self, size: Size) -> Self {
        Self { to: size, ..self }
    }

    /// Results come out for an original that is `factor` times as large: what an upscaler makes of it.
    #[must_use]
    pub const fn enlarged(self, factor: u32) -> Self {
        let source = self.plan.source;
        self.to_size(Size::new(source.width.saturating_mul(factor), source.height.saturating_mul(factor)))
    }

    /// Width and height of restored masks and pictures.
    pub const fn size(&self) -> Size {
        match self.way_up {
            WayUp::Upright => self.to,
            WayUp::Stored => self.stored_size(),
        }
    }

    /// Where a point of the model's result lies in the original; outside of it if the point is in the padding.
    pub fn point(&self, point: Point) -> Point {
        let output = self.plan.output;
        let prepared = Point::new(rescaled(point.x, self.from.width, output.width), rescaled(point.y, self.from.height, output.height));
        let source = self.plan.to_source(prepared);
        let upright = Point::new(
            rescaled(source.x, self.plan.source.width, self.to.width),
            rescaled(source.y, self.plan.source.height, self.to.height),
        );
        match self.way_up {
            WayUp::Upright => upright,
            WayUp::Stored => self.orientation.stored_point(upright, self.stored_size()),
        }
    }

    /// [`point`](Self::point), for many.
    pub fn points(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|&point| self.point(point)).collect()
    }

    /// Where a box of the model's result lies in the original; partly outside if it reaches into the padding ([`Region::clipped`] cuts that off).
    pub fn region(&self, region: Region) -> Region {
        Region::between(self.point(region.top_left()), self.point(region.bottom_right()))
    }

    /// [`region`](Self::region), for many.
    pub fn regions(&self, regions: &[Region]) -> Vec<Region> {
        regions.iter().map(|&region| self.region(region)).collect()
    }

    /// A mask or map of labels in the original's geometry: every pixel is one of the model's, unblended; 0 where the model saw nothing.
    ///
    /// # Shape
    /// `(h, w, C)` u8, any size → `(H, W, C)` u8 of [`size`](Self::size).
    ///
    /// # Errors
    /// [`ImageError::ZeroOption`] for a mask without pixels, [`ImageError::OutputTooLarge`] if the original is larger than 2²⁸ pixels.
    pub fn mask(&self, mask: &Pixels) -> Result<Pixels, ImageError> {
        let canvas = self.canvas(mask.channels(), &vec![0; mask.channels().count()])?;
        self.laid_over(mask, canvas, Filter::Nearest)
    }

    /// A picture in the original's geometry, resampled by Lanczos; background (0 for grey, transparent for alpha) where the model saw nothing.
    ///
    /// # Shape
    /// `(h, w, C)` u8, any size → `(H, W, C)` u8 of [`size`](Self::size).
    ///
    /// # Errors
    /// Those of [`mask`](Self::mask).
    pub fn picture(&self, picture: &Pixels) -> Result<Pixels, ImageError> {
        let Rgb { red, green, blue } = self.background;
        let canvas = match picture.channels() {
            Channels::Luma => self.canvas(Channels::Luma, &[0]),
            Channels::LumaAlpha => self.canvas(Channels::LumaAlpha, &[0, 0]),
            Channels::Rgb => self.canvas(Channels::Rgb, &[red, green, blue]),
            Channels::Rgba => self.canvas(Channels::Rgba, &[red, green, blue, 0]),
        }?;
        self.laid_over(picture, canvas, Filter::Lanczos3)
    }

    /// [`picture`](Self::picture), with `original` where the model saw nothing: what was cut off stays as it was.
    ///
    /// # Errors
    /// [`ImageError::WrongSize`] if `original` is not upright and of the size of what comes out, [`ImageError::ChannelCount`] if its channels are
    /// not those of `picture`, and those of [`mask`](Self::mask).
    pub fn picture_over(&self, picture: &Pixels, original: Pixels) -> Result<Pixels, ImageError> {
        if original.size() != self.to {
            return Err(ImageError::WrongSize { found: original.size(), expected: self.to });
        }
        if original.channels() != picture.channels() {
            return Err(ImageError::ChannelCount {
                found: original.channels().count(),
                expected: "those of the picture that goes over it",
            });
        }
        self.laid_over(picture, original, Filter::Lanczos3)
    }

    const fn stored_size(&self) -> Size {
        self.orientation.upright_size(self.to)
    }

    /// An upright original, every pixel the same.
    fn canvas(&self, channels: Channels, pixel: &[u8]) -> Result<Pixels, ImageError> {
        super::plan::check_output(self.to)?;
        Pixels::new(self.to, channels, pixel.repeat(usize::try_from(self.to.pixels()).unwrap_or(0)))
    }

    /// The part of `result` that shows something, where it belongs on the original.
    fn laid_over(&self, result: &Pixels, canvas: Pixels, filter: Filter) -> Result<Pixels, ImageError> {
        if result.size().is_empty() || self.to.is_empty() {
            return Err(ImageError::ZeroOption { option: "size" });
        }
        let across = Span::new(&self.plan, result.size(), self.to, |size| size.width, |region| (region.left, region.width), self.plan.left);
        let down = Span::new(&self.plan, result.size(), self.to, |size| size.height, |region| (region.top, region.height), self.plan.top);
        let upright = if across.is_empty() || down.is_empty() {
            canvas
        } else {
            // Padding is cut away first, or the filter would blend it into the edges.
            let content = Size::new(across.shown.1, down.shown.1);
            let region = Region::new(across.shown.0.into(), down.shown.0.into(), content.width.into(), content.height.into());
            let content = resample_pixels(result, &Task { region, size: content, filter: Filter::Nearest })?;
            let size = Size::new(across.target.1, down.target.1);
            let region = Region::new(across.from.0, down.from.0, across.from.1, down.from.1);
            let restored = resample_pixels(&content, &Task { region, size, filter })?;
            pasted(&restored, canvas, across.target.0, down.target.0)?
        };
        match self.way_up {
            WayUp::Upright => Ok(upright),
            WayUp::Stored => turn(upright, self.orientation.inverse()),
        }
    }
}

/// The way back in one direction. Each pair is a start and a length.
struct Span {
    /// Pixels of the result that show something.
    shown: (u32, u32),
    /// Pixels of the original that they cover.
    target: (u32, u32),
    /// The part of `shown`, from its start, that those pixels correspond to.
    from: (f64, f64),
}

impl Span {
    fn new(plan: &Plan, result: Size, to: Size, side: impl Fn(Size) -> u32, part: impl Fn(Region) -> (f64, f64), padding: u32) -> Self {
        let (result, to, output) = (side(result), side(to), side(plan.output));
        // Where the content lies in the result, and which pixels that touches.
        let start = rescaled(padding.into(), output, result);
        let length = rescaled(side(plan.content).into(), output, result);
        let first = whole((start + SLACK).floor()).min(result.saturating_sub(1));
        let end = whole((start + length - SLACK).ceil()).clamp(first + 1, result);
        // The pixels of the original whose middles are shown.
        let (crop_start, crop_length) = part(plan.crop);
        let source = side(plan.source);
        let (crop_start, crop_length) = (rescaled(crop_start, source, to), rescaled(crop_length, source, to));
        let target_first = whole((crop_start - 0.5 - SLACK).ceil()).min(to);
        let target_end = whole((crop_start + crop_length - 0.5 - SLACK).ceil()).clamp(target_first, to);
        // And back again: what these whole pixels cover of the shown part.
        let scale = length / crop_length;
        let held = f64::from(end - first);
        let from = (start + (f64::from(target_first) - crop_start) * scale - f64::from(first)).clamp(0.0, held);
        let until = (start + (f64::from(target_end) - crop_start) * scale - f64::from(first)).clamp(from, held);
        Self { shown: (first, end - first), target: (target_first, target_end - target_first), from: (from, until - from) }
    }

    fn is_empty(&self) -> bool {
        self.target.1 == 0 || self.from.1 <= 0.0
    }
}

/// What is lost in the last bits of a product of lengths, in pixels.
const SLACK: f64 = 1e-6;

/// A length measured on `from` pixels, measured on `to`.
fn rescaled(length: f64, from: u32, to: u32) -> f64 {
    if from == to { length } else { length * f64::from(to) / f64::from(from) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, which is what is wanted")]
const fn whole(position: f64) -> u32 {
    position as u32
}

/// `picture` on `canvas`, its top left corner at (`left`, `top`).
fn pasted(picture: &Pixels, canvas: Pixels, left: u32, top: u32) -> Result<Pixels, ImageError> {
    let (size, channels) = (canvas.size(), canvas.channels());
    if picture.size() == size {
        return Ok(picture.clone());
    }
    let count = channels.count();
    let row = (size.width as usize * count).max(1);
    let length = picture.size().width as usize * count;
    let start = left as usize * count;
    let mut data = canvas.into_bytes();
    for (to, from) in data.chunks_exact_mut(row).skip(top as usize).zip(picture.as_bytes().chunks_exact(length.max(1))) {
        if let Some(to) = to.get_mut(start..start + length) {
            to.copy_from_slice(from);
        }
    }
    Pixels::new(size, channels, data)
}
