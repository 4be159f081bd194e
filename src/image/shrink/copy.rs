//! Planes put together as they are, for pictures that keep their size: chroma enlarged as by libjpeg, and colours worked out in whole numbers.

mod colours;

pub(in super::super) use self::colours::{TILE as YCC_TILE, rgb as rgb_from_ycc_tiles};
use self::colours::{TILE, rgb};
use super::{
    super::{Channels, ImageError, Pixels, PlaneLayout, Planes, Region, Size, simd::widest},
    Window,
};

/// The part of a picture that is shown, which begins and ends between pixels; none if chroma is of a shape that is seldom seen.
///
/// # Shape
/// One plane → `(H, W, 1)` u8; luma and two planes of chroma → `(H, W, 3)` u8.
///
/// # Errors
/// Whatever is wrong with the data.
pub(in super::super) fn copy(planes: &mut dyn Planes, region: Region) -> Result<Option<Pixels>, ImageError> {
    let layouts = planes.layouts().to_vec();
    let [left, top, width, height] = [region.left, region.top, region.width, region.height].map(whole);
    let size = Size::new(width, height);
    let Some((first, chroma)) = layouts.split_first() else { return Ok(None) };
    let Some(mut chroma) = chroma.iter().map(|layout| Chroma::new(layout, first)).collect::<Option<Vec<_>>>() else { return Ok(None) };
    let channels = if chroma.is_empty() { Channels::Luma } else { Channels::Rgb };
    let mut luma = Window::new(first);
    let mut pixels = Vec::new();
    if pixels.try_reserve_exact(usize::try_from(size.pixels()).unwrap_or(usize::MAX).saturating_mul(channels.count())).is_err() {
        return Ok(None);
    }
    let (left, width) = (left as usize, width as usize);
    let mut line = vec![[0; TILE * 3]; width.div_ceil(TILE)];
    for y in (top as usize..).take(height as usize) {
        while luma.end() <= y || chroma.iter().any(|chroma| chroma.window.end() < chroma.end(y)) {
            let mut targets = vec![luma.free(y)];
            targets.extend(chroma.iter_mut().map(|chroma| chroma.window.free(chroma.lines(y).0.min(chroma.lines(y).1))));
            planes.read(&mut targets)?;
            luma.filled();
            chroma.iter_mut().for_each(|chroma| chroma.window.filled());
        }
        let luma = luma.rows_from(y).get(left..).unwrap_or_default();
        match chroma.as_mut_slice() {
            [blue, red] => {
                let [blue, red] = [blue, red].map(|chroma| chroma.line(y).get(left..).unwrap_or_default());
                rgb(luma, [blue, red], &mut line);
                pixels.extend_from_slice(line.as_flattened().get(..width * 3).unwrap_or_default());
            }
            _ => pixels.extend_from_slice(luma.get(..width).unwrap_or_default()),
        }
    }
    Pixels::new(size, channels, pixels).map(Some)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers of pixels")]
const fn whole(position: f64) -> u32 {
    position as u32
}

/// A plane of chroma, as large as that of luma or half as large.
struct Chroma {
    window: Window,
    size: Size,
    is_half: (bool, bool),
    /// A line four times as bright, with its first and last sample twice.
    tall: Vec<i16>,
    /// A line as wide as luma, sixteen times as bright.
    wide: Vec<i16>,
}

impl Chroma {
    fn new(layout: &PlaneLayout, luma: &PlaneLayout) -> Option<Self> {
        let is_half = |scale: f64, luma: f64| match scale {
            _ if scale == luma => Some(false),
            _ if scale * 2.0 == luma => Some(true),
            _ => None,
        };
        let is_half = (is_half(layout.scale.0, luma.scale.0)?, is_half(layout.scale.1, luma.scale.1)?);
        let width = layout.size.width as usize;
        if is_half.0 && width <= 2 {
            // Too narrow for libjpeg to blend anything.
            return None;
        }
        let wide = (width * 2).max(luma.size.width as usize) + TILE;
        Some(Self { window: Window::new(layout), size: layout.size, is_half, tall: vec![0; width + 2], wide: vec![0; wide] })
    }

    /// The line that line `y` of luma lies in, and the one that it is nearer to than to others.
    fn lines(&self, y: usize) -> (usize, usize) {
        let last = (self.size.height as usize).saturating_sub(1);
        match self.is_half.1 {
            true if y.is_multiple_of(2) => (y / 2, (y / 2).saturating_sub(1)),
            true => (y / 2, (y / 2 + 1).min(last)),
            false => (y, y),
        }
    }

    /// Behind the last line that is needed for line `y` of luma.
    fn end(&self, y: usize) -> usize {
        let (near, far) = self.lines(y);
        near.max(far) + 1
    }

    /// What belongs to line `y` of luma, sixteen times as bright, and something behind it.
    fn line(&mut self, y: usize) -> &[i16] {
        let (near, far) = self.lines(y);
        let [near, far] = [near, far].map(|line| self.window.rows_from(line).get(..self.size.width as usize).unwrap_or_default());
        blended(near, far, &mut self.tall);
        if self.is_half.0 {
            doubled(&self.tall, &mut self.wide)
        } else {
            multiplied(&self.tall, &mut self.wide)
        }
        &self.wide
    }
}

/// Three times a line and once another, with the first and the last sample twice.
fn blended(near: &[u8], far: &[u8], tall: &mut [i16]) {
    if let [first, middle @ .., last] = tall {
        widest(
            #[inline(always)]
            || {
                for ((sum, &near), &far) in middle.iter_mut().zip(near).zip(far) {
                    *sum = i16::from(near) * 3 + i16::from(far);
                }
            },
        );
        (*first, *last) = (middle.first().copied().unwrap_or_default(), middle.last().copied().unwrap_or_default());
    }
}

/// Twice as many samples: three times one, and once the next on either side.
fn doubled(tall: &[i16], wide: &mut [i16]) {
    let (pairs, _) = wide.as_chunks_mut::<2>();
    let (before, after) = (tall, tall.get(2..).unwrap_or_default());
    widest(
        #[inline(always)]
        || {
            for (((pair, &before), &middle), &after) in pairs.iter_mut().zip(before).zip(&tall[1..]).zip(after) {
                *pair = [middle * 3 + before, middle * 3 + after];
            }
        },
    );
}

fn multiplied(tall: &[i16], wide: &mut [i16]) {
    for (wide, &tall) in wide.iter_mut().zip(tall.iter().skip(1)) {
        *wide = tall * 4;
    }
}
