//! Planes made smaller: down, then across, eight rows of the result at a time, and only then put together into colours.
//!
//! No more of the full-size picture is held than the kernel reaches, no sample is rounded on the way, and colours are worked out for the few
//! pixels that are left. All of it is arithmetic on floats in a fixed order, so that every processor comes to the same pixels.

mod passes;
mod weights;
mod window;

use std::cell::RefCell;

use self::passes::{ROWS, across, down, grey, rgb};
use self::weights::Weights;
use self::window::Window;
use super::{Channels, Filter, ImageError, Pixels, PlaneLayout, Planes, Region, Size};

/// Scratch memory kept by each thread from one picture to the next, in bytes.
const KEPT_BYTES: usize = 32 << 20;

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
    /// Whether anything is blended; else pixels are taken as they are, which is quicker had without planes.
    pub(super) fn blends(&self) -> bool {
        let Region { left, top, width, height } = self.region;
        let is_whole =
            left.fract() == 0.0 && top.fract() == 0.0 && (width, height) == (f64::from(self.size.width), f64::from(self.size.height));
        self.filter != Filter::Nearest && !is_whole
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
    let mut jobs: Vec<_> = layouts.iter().map(|layout| Job::new(layout, first, task)).collect();
    let mut pixels = vec![0; usize::try_from(task.size.pixels()).unwrap_or(usize::MAX).saturating_mul(channels.count())];
    let mut scratch = SCRATCH.take();
    for (job, kept) in jobs.iter_mut().zip(&mut scratch.windows) {
        job.window.reuse(std::mem::take(kept));
    }
    let row_bytes = task.size.width as usize * channels.count();
    let mut result = Ok(());
    for (top, target) in (0..).step_by(ROWS).zip(pixels.chunks_mut(row_bytes * ROWS)) {
        result = strip(planes, &mut jobs, top, &mut scratch.columns);
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
    columns: Vec<[f32; ROWS]>,
}

impl Scratch {
    fn bytes(&self) -> usize {
        self.windows.iter().map(Vec::capacity).sum::<usize>() + size_of_val(self.columns.as_slice())
    }
}

/// One plane and what is done to it.
struct Job {
    window: Window,
    vertical: Weights,
    horizontal: Weights,
    /// Eight rows of the result, column by column.
    strip: Vec<[f32; ROWS]>,
}

impl Job {
    /// The work on a plane beside the first of them, whose pixels are what weights are made for.
    fn new(layout: &PlaneLayout, first: &PlaneLayout, task: &Task) -> Self {
        let Task { region, size, filter } = *task;
        let weights = |start: f64, length: f64, output: u32, (source, scale): (u32, f64), (half, half_scale): (u32, f64)| {
            if half_scale * 2.0 == scale {
                return Weights::new(start * scale, length * scale, output, source, filter).of_half(half);
            }
            Weights::new(start * half_scale, length * half_scale, output, half, filter)
        };
        let across = |layout: &PlaneLayout| (layout.size.width, layout.scale.0);
        let down = |layout: &PlaneLayout| (layout.size.height, layout.scale.1);
        Self {
            window: Window::new(layout),
            vertical: weights(region.top, region.height, size.height, down(first), down(layout)),
            horizontal: weights(region.left, region.width, size.width, across(first), across(layout)),
            strip: vec![[0.0; ROWS]; size.width as usize],
        }
    }
}

/// Makes eight rows of the result from `top` on, fewer at the end, of every plane.
fn strip(planes: &mut dyn Planes, jobs: &mut [Job], top: usize, columns: &mut Vec<[f32; ROWS]>) -> Result<(), ImageError> {
    while jobs.iter().any(|job| job.window.end() < job.vertical.end(top..top + ROWS)) {
        let mut targets: Vec<_> = jobs.iter_mut().map(|job| job.window.free(job.vertical.start(top))).collect();
        planes.read(&mut targets)?;
        jobs.iter_mut().for_each(|job| job.window.filled());
    }
    for job in jobs {
        let reach = job.horizontal.start(0)..job.horizontal.end(0..job.strip.len());
        if columns.len() < reach.len() {
            columns.resize(reach.len(), [0.0; ROWS]);
        }
        if let Some(columns) = columns.get_mut(..reach.len()) {
            down(&job.window, &reach, &job.vertical, top, columns);
            across(columns, reach.start, &job.horizontal, &mut job.strip);
        }
    }
    Ok(())
}
