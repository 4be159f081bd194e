//! Planes made smaller: down, then across, eight rows of the result at a time, and only then put together into colours.
//!
//! No more of the full-size picture is held than the kernel reaches, samples keep fractions on the way, and colours are worked out for the few pixels that
//! are left. Sums are of whole numbers, so that every processor comes to the same pixels.

mod copy;
mod passes;
mod weights;
mod window;

use std::{cell::RefCell, rc::Rc};

pub(super) use self::copy::{YCC_TILE, copy, rgb_from_ycc_tiles};
use self::passes::{Columns, ROWS, TILE, across, down, grey, rgb};
use self::weights::{Taps, Weights};
use self::window::Window;
use super::{Channels, Filter, ImageError, Pixels, PlaneLayout, Planes, Region, Size};

/// Scratch memory kept by each thread from one picture to the next, in bytes.
const KEPT_BYTES: usize = 32 << 20;

/// Pixels that become one, up to which weights in whole numbers are fine enough.
const LARGEST_FACTOR: f64 = 64.0;

/// What to make of a picture in planes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    /// The part that is shown, in pixels of the stored picture.
    pub(super) region: Region,
    /// What it becomes.
    pub(super) size: Size,
    /// By which kernel; not [`Filter::Nearest`], which blends nothing.
    pub(super) filter: Filter,
}

impl Task {
    /// Whether anything is blended; else pixels are taken as they are.
    pub(super) fn blends(&self) -> bool {
        self.filter != Filter::Nearest && !self.is_copy()
    }

    /// Whether the part that is shown is taken as it is.
    pub(super) fn is_copy(&self) -> bool {
        let Region { left, top, width, height } = self.region;
        left.fract() == 0.0 && top.fract() == 0.0 && (width, height) == (f64::from(self.size.width), f64::from(self.size.height))
    }

    /// Whether it is to be done in planes.
    pub(super) fn is_for_planes(&self) -> bool {
        let most = |length: f64, pixels: u32| length <= LARGEST_FACTOR * f64::from(pixels);
        self.blends() && most(self.region.width, self.size.width) && most(self.region.height, self.size.height)
    }
}

/// The picture as asked for, in full-range RGB or grey.
///
/// # Shape
/// One plane → `(H, W, 1)` u8; luma and two planes of chroma → `(H, W, 3)` u8.
///
/// # Errors
/// Whatever is wrong with the data.
///
/// # Source
/// Chroma enlarged as by libjpeg, kernels as in Pillow: all in all 55 dB and more to the same in floats on photos (tested).
pub(super) fn shrink(planes: &mut dyn Planes, task: &Task) -> Result<Pixels, ImageError> {
    let layouts = planes.layouts().to_vec();
    let channels = if layouts.len() == 1 { Channels::Luma } else { Channels::Rgb };
    let Some(first) = layouts.first() else { return Pixels::new(task.size, channels, Vec::new()) };
    let mut jobs = jobs(&layouts, first, task);
    let mut pixels = vec![0; usize::try_from(task.size.pixels()).unwrap_or(usize::MAX).saturating_mul(channels.count())];
    let mut scratch = SCRATCH.take();
    for (job, kept) in jobs.iter_mut().zip(&mut scratch.windows) {
        job.window.reuse(std::mem::take(kept));
    }
    let row_bytes = task.size.width as usize * channels.count();
    let mut result = Ok(());
    for (top, target) in (0..).step_by(ROWS).zip(pixels.chunks_mut(row_bytes * ROWS)) {
        result = strip(planes, &mut jobs, top, &mut scratch.tiles);
        if result.is_err() {
            break;
        }
        match jobs.as_slice() {
            [luma, blue, red] => rgb([&luma.strip, &blue.strip, &red.strip], planes.levels(), target),
            [luma, ..] => grey(&luma.strip, target),
            [] => {}
        }
    }
    scratch.windows = jobs.into_iter().map(|job| job.window.into_bytes()).collect();
    if scratch.bytes() <= KEPT_BYTES {
        SCRATCH.set(scratch);
    }
    result?;
    Pixels::new(task.size, channels, pixels)
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What is worth keeping between pictures: page faults cost more than filters.
#[derive(Default)]
struct Scratch {
    windows: Vec<Vec<u8>>,
    tiles: Vec<[Columns; TILE / 2]>,
}

impl Scratch {
    fn bytes(&self) -> usize {
        self.windows.iter().map(Vec::capacity).sum::<usize>() + size_of_val(self.tiles.as_slice())
    }
}

/// One plane and what is done to it.
struct Job {
    window: Window,
    vertical: Rc<Taps>,
    horizontal: Rc<Taps>,
    /// Eight rows of the result, column by column.
    strip: Vec<[f32; ROWS]>,
}

/// The work on each plane; weights are made for the pixels of the first.
fn jobs(layouts: &[PlaneLayout], first: &PlaneLayout, task: &Task) -> Vec<Job> {
    let Task { region, size, filter } = *task;
    let mut jobs: Vec<Job> = Vec::with_capacity(layouts.len());
    // Their lengths along a direction, what fraction of the picture's that is, and the part that is wanted.
    let along = |layout: &PlaneLayout| {
        [
            (layout.size.height, layout.scale.1, region.top, region.height, size.height),
            (layout.size.width, layout.scale.0, region.left, region.width, size.width),
        ]
    };
    let weights = |(source, scale, start, length, output): (u32, f64, f64, f64, u32)| {
        Weights::new(start * scale, length * scale, output, source, filter)
    };
    let whole = along(first).map(weights);
    for layout in layouts {
        let [vertical, horizontal] = match jobs.iter().zip(layouts).find(|(_, other)| *other == layout) {
            Some((job, _)) => [Rc::clone(&job.vertical), Rc::clone(&job.horizontal)],
            None => [0, 1].map(|direction| {
                let (of, (source, scale, ..)) = (along(first)[direction], along(layout)[direction]);
                let taps = |weights: &Weights| Rc::new(weights.taps(direction == 1));
                if scale == of.1 {
                    taps(&whole[direction])
                } else if scale * 2.0 == of.1 {
                    taps(&whole[direction].of_half(source))
                } else {
                    taps(&weights(along(layout)[direction]))
                }
            }),
        };
        let strip = vec![[0.0; ROWS]; size.width as usize];
        jobs.push(Job { window: Window::new(layout), vertical, horizontal, strip });
    }
    jobs
}

/// Makes eight rows of the result from `top` on, fewer at the end, of every plane.
fn strip(planes: &mut dyn Planes, jobs: &mut [Job], top: usize, tiles: &mut Vec<[Columns; TILE / 2]>) -> Result<(), ImageError> {
    while jobs.iter().any(|job| job.window.end() < job.vertical.end(top..top + ROWS)) {
        let mut targets: Vec<_> = jobs.iter_mut().map(|job| job.window.free(job.vertical.start(top))).collect();
        planes.read(&mut targets)?;
        jobs.iter_mut().for_each(|job| job.window.filled());
    }
    for job in jobs {
        let left = job.horizontal.start(0);
        let count = (job.horizontal.end(0..job.strip.len()) - left).div_ceil(TILE);
        if tiles.len() < count {
            tiles.resize(count, [Columns::default(); TILE / 2]);
        }
        if let Some(tiles) = tiles.get_mut(..count) {
            down(&job.window, left, &job.vertical, top, tiles);
            across(tiles.as_flattened(), left, &job.horizontal, &mut job.strip);
        }
    }
    Ok(())
}
