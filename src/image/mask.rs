//! Masks that lie on a prepared picture as they lay on the original.

use super::alpha::alpha_of;
use super::names::names;
use super::prepared::{placed, shown};
use super::turn::turn;
use super::{Channels, Decode, Filter, ImageError, Pixels, Plan, Prepared, Region, Size, Source, Truncated, memory};

/// What of a mask's file says how much is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MaskChannel {
    /// Its brightness; transparent pixels are black.
    #[default]
    Luma,
    /// Its alpha: opaque is white.
    Alpha,
}

names!(MaskChannel, "mask channel", Luma = "luma", Alpha = "alpha");

/// What white means in a mask's file. In what comes out, white always means paint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum White {
    /// Here is to be painted.
    #[default]
    Paint,
    /// Here is to be kept: the mask is inverted.
    #[doc(alias = "invert")]
    Keep,
}

names!(White, "meaning of white", Paint = "paint", Keep = "keep");

/// How a mask is resampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MaskFilter {
    /// The mean of what a pixel covers: soft edges where the mask shrinks.
    #[default]
    Area,
    /// The nearest pixel: no value that was not in the file.
    Nearest,
}

names!(MaskFilter, "mask filter", Area = "area", Nearest = "nearest");

/// Which orientation a mask was drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MaskOrientation {
    /// The one that its own file states; upright if it states none, as what a browser or an editor saves.
    #[default]
    Own,
    /// That of the picture's file: the mask was made from the stored pixels by a program that knows no orientation.
    Picture,
}

names!(MaskOrientation, "mask orientation", Own = "own", Picture = "picture");

/// How a mask's file is read; [`apply`](Self::apply) lays it on a prepared picture.
///
/// # Examples
/// ```no_run
/// # use cog_kit::image::{Limits, Mask, Prepare, Source, White};
/// let picture = Prepare::new().size(512, 512).apply(&Source::open("photo.jpg", &Limits::default())?)?;
/// let mask = Mask::new().white(White::Keep).threshold(128).apply(&Source::open("mask.png", &Limits::default())?, &picture)?;
/// assert_eq!(mask.size(), picture.size());
/// # Ok::<(), cog_kit::image::ImageError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mask {
    channel: MaskChannel,
    white: White,
    threshold: Option<u8>,
    filter: MaskFilter,
    orientation: MaskOrientation,
}

impl Mask {
    /// Brightness, white means paint, soft edges.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What of the file is read; brightness by default.
    #[must_use]
    pub const fn channel(self, channel: MaskChannel) -> Self {
        Self { channel, ..self }
    }

    /// What white means in the file; paint by default.
    #[must_use]
    pub const fn white(self, white: White) -> Self {
        Self { white, ..self }
    }

    /// Makes the mask hard: what is at least this bright (0–255) in the file counts as white, the rest as black. Soft by default.
    #[must_use]
    pub const fn threshold(self, threshold: u8) -> Self {
        Self { threshold: Some(threshold), ..self }
    }

    /// How the mask is resampled; area by default.
    #[must_use]
    pub const fn filter(self, filter: MaskFilter) -> Self {
        Self { filter, ..self }
    }

    /// Which orientation the mask was drawn in; its own by default.
    #[must_use]
    pub const fn orientation(self, orientation: MaskOrientation) -> Self {
        Self { orientation, ..self }
    }

    /// The mask in the geometry of `like`: turned, cut, scaled and padded alike. 255 means paint; padding is 0.
    ///
    /// The mask's file may be larger or smaller than the picture's, as long as both have one shape.
    ///
    /// # Shape
    /// `(H, W, 1)` u8, of the size of `like`.
    ///
    /// # Errors
    /// [`ImageError::MaskShape`] if its shape is not the picture's, and whatever is wrong with its file.
    pub fn apply(&self, source: &Source<'_>, like: &Prepared) -> Result<Pixels, ImageError> {
        let orientation = match self.orientation {
            MaskOrientation::Own => source.info().orientation,
            MaskOrientation::Picture => like.info().orientation,
        };
        let plan = mask_plan(like.plan(), orientation.upright_size(source.info().stored_size))?;
        let filter = match self.filter {
            MaskFilter::Area => Filter::Box,
            MaskFilter::Nearest => Filter::Nearest,
        };
        let mut result = Err(ImageError::Damaged { format: source.info().format, reason: "it has no pixels".to_owned() });
        let beside = memory::shown(&plan, source.info()).saturating_add(plan.output.pixels().saturating_mul(3));
        source.decode(&Decode { truncated: Truncated::Refuse, beside, deadline: source.deadline(), ..Decode::default() }, &mut |rows| {
            result = Ok(shown(rows, &plan, orientation, filter)?);
            Ok(())
        })?;
        let values = match self.channel {
            MaskChannel::Luma => luma_of(&result?)?,
            MaskChannel::Alpha => alpha_of(&result?)?,
        };
        placed(turn(self.read(values)?, orientation)?, &plan, &[0])
    }

    fn read(&self, values: Pixels) -> Result<Pixels, ImageError> {
        let size = values.size();
        let mut data = values.into_bytes();
        if let Some(threshold) = self.threshold {
            for value in &mut data {
                *value = if *value >= threshold { 255 } else { 0 };
            }
        }
        if self.white == White::Keep {
            for value in &mut data {
                *value = 255 - *value;
            }
        }
        Pixels::new(size, Channels::Luma, data)
    }
}

/// The same plan for a mask that is larger or smaller than the picture.
fn mask_plan(like: &Plan, mask: Size) -> Result<Plan, ImageError> {
    let picture = like.source;
    let (across, down) = (f64::from(mask.width) / f64::from(picture.width), f64::from(mask.height) / f64::from(picture.height));
    // Masks are drawn on previews whose sides were rounded somehow.
    if (across / down - 1.0).abs() > SHAPE_TOLERANCE {
        return Err(ImageError::MaskShape { found: mask, expected: picture });
    }
    let crop = Region::new(like.crop.left * across, like.crop.top * down, like.crop.width * across, like.crop.height * down);
    Ok(Plan { source: mask, crop, shrink: 1, ..*like })
}

/// By how much a mask's aspect ratio may differ from its picture's.
const SHAPE_TOLERANCE: f64 = 0.05;

/// The brightness of premultiplied (or opaque) pixels, over black.
///
/// # Source
/// ITU-R BT.601's weights, as in Pillow's mode `L`.
fn luma_of(pixels: &Pixels) -> Result<Pixels, ImageError> {
    let luma = |r: u8, g: u8, b: u8| {
        let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
        u8::try_from((sum + 500) / 1000).unwrap_or(u8::MAX)
    };
    let bytes = pixels.as_bytes();
    let data = match pixels.channels() {
        Channels::Luma => bytes.to_vec(),
        Channels::LumaAlpha => bytes.as_chunks::<2>().0.iter().map(|&[grey, _]| grey).collect(),
        Channels::Rgb => bytes.as_chunks::<3>().0.iter().map(|&[r, g, b]| luma(r, g, b)).collect(),
        Channels::Rgba => bytes.as_chunks::<4>().0.iter().map(|&[r, g, b, _]| luma(r, g, b)).collect(),
    };
    Pixels::new(pixels.size(), Channels::Luma, data)
}
