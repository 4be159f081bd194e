//! The way from bits to samples, row by row of macroblocks: modes, coefficients, samples. Any thread takes any of these steps that can be taken.

use std::{
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    super::super::super::{Format, ImageError, Levels, PlaneLayout, Planes, Size, beside},
    header::Header,
    modes::Modes,
    rebuild::Rebuild,
    strips::STRIPS,
    tokens::{Coefficients, Row},
};

/// Rows that may be on their way.
const ROWS: usize = 8;

/// A picture that is decoded.
pub(super) struct Stages<'a> {
    size: Size,
    /// Rows of macroblocks.
    count: usize,
    modes: Stage<Modes<'a>>,
    coefficients: Stage<Coefficients<'a>>,
    rebuild: Stage<Rebuild>,
    rows: [Mutex<Row>; ROWS],
    /// Strips that were handed out.
    taken: AtomicUsize,
    /// Whether the file is damaged, or nobody wants more of it.
    has_ended: AtomicBool,
}

/// A step, which is taken by one thread at a time.
struct Stage<T> {
    work: Mutex<T>,
    /// Rows that it was taken for.
    done: AtomicUsize,
}

impl<T> Stage<T> {
    const fn new(work: T) -> Self {
        Self { work: Mutex::new(work), done: AtomicUsize::new(0) }
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Acquire)
    }
}

impl<'a> Stages<'a> {
    pub(super) fn new(header: &Header<'a>) -> Self {
        let [across, count] = [header.size.width, header.size.height].map(|side| side.div_ceil(16) as usize);
        Self {
            size: header.size,
            count,
            modes: Stage::new(Modes::new(header)),
            coefficients: Stage::new(Coefficients::new(header)),
            rebuild: Stage::new(Rebuild::new(header)),
            rows: std::array::from_fn(|_| Mutex::new(Row::new(across))),
            taken: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
        }
    }

    /// Whether all of the picture was decoded, as far as anybody wanted it.
    pub(super) fn is_whole(&self) -> bool {
        self.rebuild.done() == self.count
    }

    /// Says that nobody wants more.
    pub(super) fn end(&self) {
        self.has_ended.store(true, Ordering::Release);
    }

    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// Reads coefficients for as long as there are any; takes other steps where somebody would have to wait for them.
    pub(super) fn run(&self) {
        let _end = EndOnPanic(self);
        while !self.has_ended() && self.coefficients.done() < self.count {
            beside::wait_until(|| self.read_coefficients() || self.read_modes() || self.make_samples() || self.has_ended());
        }
    }

    /// The modes of the next row, if there is room for it.
    fn read_modes(&self) -> bool {
        self.step(&self.modes, |row| row < self.rebuild.done() + ROWS, |modes, row| modes.row(&mut row.macroblocks))
    }

    fn read_coefficients(&self) -> bool {
        self.step(&self.coefficients, |row| row < self.modes.done(), Coefficients::row)
    }

    fn make_samples(&self) -> bool {
        let may = |row| row < self.coefficients.done() && row < self.taken.load(Ordering::Acquire) + STRIPS;
        let make = |rebuild: &mut Rebuild, row: &mut Row| {
            rebuild.row(row);
            true
        };
        self.step(&self.rebuild, may, make)
    }

    /// Takes a step for the next row, if it can be taken and nobody else takes it; whether it was.
    fn step<T>(&self, stage: &Stage<T>, may: impl Fn(usize) -> bool, work: impl FnOnce(&mut T, &mut Row) -> bool) -> bool {
        let Ok(mut worker) = stage.work.try_lock() else { return false };
        let row = stage.done();
        if row >= self.count || !may(row) {
            return false;
        }
        // Nobody else has it now: steps before this one have left it, and those behind it wait for this one.
        let Ok(mut place) = self.rows[row % ROWS].lock() else { return false };
        let is_whole = work(&mut worker, &mut place);
        if is_whole {
            stage.done.store(row + 1, Ordering::Release);
        } else {
            self.end();
        }
        is_whole
    }

    /// What has been made, once nobody is at it.
    fn rebuilt(&self) -> Option<MutexGuard<'_, Rebuild>> {
        beside::look(|| self.rebuild.work.try_lock().ok()).or_else(|| self.rebuild.work.lock().ok())
    }
}

/// Says that no more comes if it is dropped by a panic, so that nobody waits for it.
struct EndOnPanic<'s, 'a>(&'s Stages<'a>);

impl Drop for EndOnPanic<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end();
        }
    }
}

/// A picture in planes, luma first, that is decoded while it is read.
pub(super) struct Reading<'a> {
    stages: &'a Stages<'a>,
    layouts: [PlaneLayout; 3],
    /// Whether nobody else reads coefficients.
    is_alone: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(stages: &'a Stages<'a>, is_alone: bool) -> Self {
        let Size { width, height } = stages.size;
        let across = width.div_ceil(16) as usize;
        let half = Size::new(width.div_ceil(2), height.div_ceil(2));
        let layout = |size, scale, rows| PlaneLayout { size, scale: (scale, scale), stride: across * rows, rows };
        Self { stages, layouts: [layout(stages.size, 1.0, 16), layout(half, 0.5, 8), layout(half, 0.5, 8)], is_alone }
    }
}

impl Planes for Reading<'_> {
    fn layouts(&self) -> &[PlaneLayout] {
        &self.layouts
    }

    fn levels(&self) -> Levels {
        Levels::Limited
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        let stages = self.stages;
        let strip = stages.taken.load(Ordering::Relaxed);
        // The filter changes the end of a strip with the next one.
        let needed = (strip + 2).min(stages.count);
        let is_there = || stages.rebuild.done() >= needed;
        while !is_there() && !stages.has_ended() {
            let step = || stages.make_samples() || self.is_alone && stages.read_coefficients() || stages.read_modes();
            beside::wait_until(|| step() || is_there() || stages.has_ended());
        }
        match stages.rebuilt() {
            Some(rebuild) if is_there() => {
                for (plane, target) in rebuild.planes.iter().zip(targets) {
                    let samples = plane.strip(strip);
                    let _ = target.get_mut(..samples.len()).map(|target| target.copy_from_slice(samples));
                }
            }
            _ => {
                let reason = format!("found {} of {} rows of blocks", stages.rebuild.done(), stages.count);
                return Err(ImageError::Damaged { format: Format::WebP, reason });
            }
        }
        stages.taken.store(strip + 1, Ordering::Release);
        Ok(())
    }
}
