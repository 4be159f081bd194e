//! Rows from a decoder, resampled while they are still in the cache.
//!
//! The vertical pass runs as soon as the rows under its kernel are there, so no more of the full-size picture is held than the kernel reaches,
//! and its result goes through the horizontal pass a block of rows at a time.

use std::cell::RefCell;

use fast_image_resize as fir;

use self::axis::Axis;
use self::band::Band;
use super::{Channels, Filter, ImageError, Pixels, Region, Rows, Size};

mod axis;
mod band;
mod lanczos;

pub(super) use lanczos::lanczos3;
#[cfg(test)]
mod tests;

/// Bytes of decoded rows to aim for in one step of the vertical pass: about what stays in a core's own cache.
const BAND_BYTES: usize = 256 << 10;

/// Rows of the result that go through the horizontal pass together.
const BLOCK_ROWS: u32 = 256;

/// Scratch memory kept by each thread from one picture to the next, in bytes.
const KEPT_BYTES: usize = 32 << 20;

/// Which part of a picture to resample, and to which size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Task {
    /// The part, in pixels of the rows that come in; within them.
    pub(super) region: Region,
    /// What it becomes.
    pub(super) size: Size,
    /// By which kernel.
    pub(super) filter: Filter,
}

/// The resampled part of a picture, premultiplied if it has alpha.
///
/// # Shape
/// Rows of `(H, W, C)` u8 → `(size.height, size.width, C)` u8.
///
/// # Source
/// What `fast_image_resize` makes of the whole picture, but for rounding at the edges of bands: no sample differs by more than 2 (tested).
pub(super) fn resample(rows: &mut dyn Rows, task: &Task) -> Result<Pixels, ImageError> {
    let mut scratch = SCRATCH.take();
    let result = scratch.resample(rows, task, BAND_BYTES);
    if scratch.band.capacity() + scratch.block.capacity() <= KEPT_BYTES {
        SCRATCH.set(scratch);
    }
    result
}

/// The resampled part of a picture, its alpha straight as before.
///
/// # Shape
/// `(H, W, C)` u8 → `(size.height, size.width, C)` u8.
pub(super) fn resample_pixels(pixels: &Pixels, task: &Task) -> Result<Pixels, ImageError> {
    let channels = pixels.channels();
    let mut data = vec![0; byte_count(task.size, channels)];
    if task.filter == Filter::Nearest {
        let (horizontal, vertical) = axes(task, pixels.size());
        let (count, row_bytes) = (channels.count(), pixels.size().width as usize * channels.count());
        for (y, target) in (0..).zip(data.chunks_exact_mut((task.size.width as usize * count).max(1))) {
            let start = vertical.nearest(y) as usize * row_bytes;
            pick_columns(pixels.as_bytes().get(start..).unwrap_or_default(), target, count, &horizontal);
        }
        return Pixels::new(task.size, channels, data);
    }
    let mut scratch = SCRATCH.take();
    let options = options(task.filter, task.region).use_alpha(true);
    let result = resize(&mut scratch.resizer, pixels.as_bytes(), pixels.size(), &mut data, task.size, channels, &options);
    SCRATCH.set(scratch);
    result?;
    Pixels::new(task.size, channels, data)
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What is worth keeping between pictures: page faults cost more than filters.
#[derive(Default)]
struct Scratch {
    resizer: fir::Resizer,
    band: Vec<u8>,
    block: Vec<u8>,
}

impl Scratch {
    fn resample(&mut self, rows: &mut dyn Rows, task: &Task, band_bytes: usize) -> Result<Pixels, ImageError> {
        let channels = rows.channels();
        let size = task.size;
        let (horizontal, vertical) = axes(task, rows.size());
        let mut whole = rows.take_whole().map(Pixels::into_bytes);
        if let Some(bytes) = whole.as_mut().filter(|_| horizontal.is_identity() && vertical.is_identity() && size == rows.size()) {
            premultiply(bytes, size, channels)?;
            return Pixels::new(size, channels, std::mem::take(bytes));
        }
        let mut band = match &mut whole {
            Some(bytes) => Band::whole(rows, bytes)?,
            None => Band::new(rows, &mut self.band),
        };
        let mut output = vec![0; byte_count(size, channels)];
        let work = Work { task, channels, horizontal, vertical, band_bytes };
        if work.horizontal.is_identity() && work.vertical.is_identity() && size.width == band.source.width && !band.is_whole() {
            band.copy_to(work.vertical.first_source(0), &mut output)?;
        } else if task.filter == Filter::Nearest {
            work.pick(&mut band, &mut output)?;
        } else if work.vertical.is_identity() {
            work.across(&mut band, &mut output, &mut self.resizer)?;
        } else {
            work.down_and_across(&mut band, &mut output, &mut self.resizer, &mut self.block)?;
        }
        Pixels::new(size, channels, output)
    }
}

/// What is to be done, in both directions.
struct Work<'a> {
    task: &'a Task,
    channels: Channels,
    horizontal: Axis,
    vertical: Axis,
    band_bytes: usize,
}

impl Work<'_> {
    /// Nearest pixels, row by row.
    fn pick(&self, band: &mut Band<'_>, output: &mut [u8]) -> Result<(), ImageError> {
        for (y, target) in blocks(output, self.task.size, self.channels, 1) {
            let row = self.vertical.nearest(y);
            pick_columns(band.rows(row, row + 1)?, target, self.channels.count(), &self.horizontal);
        }
        Ok(())
    }

    /// The horizontal pass alone, a block of rows at a time.
    fn across(&self, band: &mut Band<'_>, output: &mut [u8], resizer: &mut fir::Resizer) -> Result<(), ImageError> {
        let width = self.task.size.width;
        let source_width = band.source.width;
        let (start, length) = self.horizontal.part(0, width, 0, source_width);
        let step = band.rows_in(self.band_bytes).clamp(8, BLOCK_ROWS);
        for (first, target) in blocks(output, self.task.size, self.channels, step) {
            let count = row_count(target, width, self.channels);
            let top = self.vertical.first_source(first);
            let source = band.rows(top, top + count)?;
            let options = options(self.task.filter, Region::new(start, 0.0, length, count.into()));
            resize(resizer, source, Size::new(source_width, count), target, Size::new(width, count), self.channels, &options)?;
        }
        Ok(())
    }

    /// The vertical pass, a few rows of the result at a time, and the horizontal pass behind it, a block at a time.
    fn down_and_across(
        &self,
        band: &mut Band<'_>,
        output: &mut [u8],
        resizer: &mut fir::Resizer,
        block: &mut Vec<u8>,
    ) -> Result<(), ImageError> {
        let (width, source_width, filter) = (self.task.size.width, band.source.width, self.task.filter);
        // Only the columns that the horizontal kernel reaches.
        let (left, right) = match self.horizontal.is_identity() {
            true => (self.horizontal.first_source(0), self.horizontal.first_source(width)),
            false => self.horizontal.reach(0, width),
        };
        let (start, length) = self.horizontal.part(0, width, left, right - left);
        let chunk = self.vertical.outputs_in(band.rows_in(self.band_bytes)).clamp(4, BLOCK_ROWS);
        for (first, target) in blocks(output, self.task.size, self.channels, BLOCK_ROWS) {
            let count = row_count(target, width, self.channels);
            let size = Size::new(right - left, count);
            let narrowed: &mut [u8] =
                if self.horizontal.is_identity() { &mut *target } else { at_least(block, byte_count(size, self.channels)) };
            for (offset, strip) in blocks(narrowed, size, self.channels, chunk) {
                let strip_size = Size::new(size.width, row_count(strip, size.width, self.channels));
                let (top, bottom) = self.vertical.reach(first + offset, first + offset + strip_size.height);
                let source = band.rows(top, bottom)?;
                let (from, rows) = self.vertical.part(first + offset, strip_size.height, top, bottom - top);
                let options = options(filter, Region::new(left.into(), from, size.width.into(), rows));
                resize(resizer, source, Size::new(source_width, bottom - top), strip, strip_size, self.channels, &options)?;
            }
            if !self.horizontal.is_identity() {
                let options = options(filter, Region::new(start, 0.0, length, count.into()));
                let source = at_least(block, byte_count(size, self.channels));
                resize(resizer, source, size, target, Size::new(width, count), self.channels, &options)?;
            }
        }
        Ok(())
    }
}

/// The work of a task, across and down.
fn axes(task: &Task, source: Size) -> (Axis, Axis) {
    let Task { region, size, filter } = *task;
    let support = support(filter);
    let across = Axis::new(region.left, region.width, size.width, source.width, support);
    (across, Axis::new(region.top, region.height, size.height, source.height, support))
}

/// Fills a row with the nearest pixels of another.
fn pick_columns(source: &[u8], target: &mut [u8], count: usize, across: &Axis) {
    for (x, to) in (0..).zip(target.chunks_exact_mut(count)) {
        let start = across.nearest(x) as usize * count;
        if let Some(from) = source.get(start..start + count) {
            to.copy_from_slice(from);
        }
    }
}

/// Cuts a picture into blocks of `step` rows: the number of the first row, and the bytes.
fn blocks(bytes: &mut [u8], size: Size, channels: Channels, step: u32) -> impl Iterator<Item = (u32, &mut [u8])> {
    let length = (size.width as usize * channels.count() * step as usize).max(1);
    let used = byte_count(size, channels).min(bytes.len());
    let (bytes, _) = bytes.split_at_mut(used);
    (0..).step_by(step.max(1) as usize).zip(bytes.chunks_mut(length))
}

fn row_count(bytes: &[u8], width: u32, channels: Channels) -> u32 {
    u32::try_from(bytes.len() / (width as usize * channels.count()).max(1)).unwrap_or(u32::MAX)
}

fn byte_count(size: Size, channels: Channels) -> usize {
    usize::try_from(size.pixels()).unwrap_or(usize::MAX).saturating_mul(channels.count())
}

/// The first `length` bytes of a buffer that grows if it must.
fn at_least(buffer: &mut Vec<u8>, length: usize) -> &mut [u8] {
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    buffer.split_at_mut(length).0
}

const fn support(filter: Filter) -> f64 {
    match filter {
        Filter::Nearest | Filter::Box => 0.5,
        Filter::Bilinear => 1.0,
        Filter::CatmullRom | Filter::Mitchell => 2.0,
        Filter::Lanczos3 => lanczos::SUPPORT,
    }
}

fn options(filter: Filter, region: Region) -> fir::ResizeOptions {
    let algorithm = match filter {
        Filter::Nearest | Filter::Box => fir::ResizeAlg::Convolution(fir::FilterType::Box),
        Filter::Bilinear => fir::ResizeAlg::Convolution(fir::FilterType::Bilinear),
        Filter::CatmullRom => fir::ResizeAlg::Convolution(fir::FilterType::CatmullRom),
        Filter::Mitchell => fir::ResizeAlg::Convolution(fir::FilterType::Mitchell),
        Filter::Lanczos3 => fir::ResizeAlg::Convolution(
            // Only a support that is no positive number would be refused.
            fir::Filter::new("Lanczos3", lanczos::lanczos3, lanczos::SUPPORT).map_or(fir::FilterType::Lanczos3, fir::FilterType::Custom),
        ),
    };
    fir::ResizeOptions::new().resize_alg(algorithm).crop(region.left, region.top, region.width, region.height).use_alpha(false)
}

const fn pixel_type(channels: Channels) -> fir::PixelType {
    match channels {
        Channels::Luma => fir::PixelType::U8,
        Channels::LumaAlpha => fir::PixelType::U8x2,
        Channels::Rgb => fir::PixelType::U8x3,
        Channels::Rgba => fir::PixelType::U8x4,
    }
}

fn resize(
    resizer: &mut fir::Resizer,
    from: &[u8],
    from_size: Size,
    to: &mut [u8],
    to_size: Size,
    channels: Channels,
    options: &fir::ResizeOptions,
) -> Result<(), ImageError> {
    let from = fir::images::ImageRef::new(from_size.width, from_size.height, from, pixel_type(channels)).map_err(refused)?;
    let mut to = fir::images::Image::from_slice_u8(to_size.width, to_size.height, to, pixel_type(channels)).map_err(refused)?;
    resizer.resize(&from, &mut to, options).map_err(refused)
}

/// Multiplies colour by alpha in the first rows of a buffer; does nothing to opaque pixels.
fn premultiply(bytes: &mut [u8], size: Size, channels: Channels) -> Result<(), ImageError> {
    if !channels.has_alpha() {
        return Ok(());
    }
    let mut image = fir::images::Image::from_slice_u8(size.width, size.height, bytes, pixel_type(channels)).map_err(refused)?;
    fir::MulDiv::new().multiply_alpha_inplace(&mut image).map_err(refused)
}

fn refused(error: impl std::fmt::Display) -> ImageError {
    ImageError::Resample { reason: error.to_string() }
}
