//! The way from bits to samples, row by row of macroblocks: modes, coefficients, samples. Any thread takes any of these steps that can be taken.

use std::{
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    super::super::super::{Format, ImageError, Levels, PlaneLayout, Planes, Size, Truncated, beside},
    header::Header,
    modes::Modes,
    rebuild::Rebuild,
    strips::STRIPS,
    tokens::{Coefficients, Row},
};

/// Luma, blue and red of what is missing: gray of 128 in RGB.
const GRAY: [u8; 3] = [126, 128, 128];

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
    /// Whether nobody wants more of it.
    has_ended: AtomicBool,
}

/// A step, which is taken by one thread at a time.
struct Stage<T> {
    work: Mutex<T>,
    /// Rows that it was taken for.
    done: AtomicUsize,
    /// Whether there is no data for the row that is next.
    is_cut: AtomicBool,
}

impl<T> Stage<T> {
    const fn new(work: T) -> Self {
        Self { work: Mutex::new(work), done: AtomicUsize::new(0), is_cut: AtomicBool::new(false) }
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Acquire)
    }

    fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Acquire)
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
        let is_over = || self.has_ended() || self.has_all_coefficients();
        while !is_over() {
            beside::wait_until(|| self.read_coefficients() || self.read_modes() || self.make_samples() || is_over());
        }
    }

    /// Whether the coefficients were read as far as there are any.
    fn has_all_coefficients(&self) -> bool {
        // Modes that are cut are asked for first: then their number stays as it is.
        let are_modes_cut = self.modes.is_cut();
        let done = self.coefficients.done();
        done == self.count || self.coefficients.is_cut() || are_modes_cut && done == self.modes.done()
    }

    /// Whether there will be no more samples.
    fn is_over(&self) -> bool {
        self.has_ended() || self.has_all_coefficients() && self.rebuild.done() == self.coefficients.done()
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
        if row >= self.count || stage.is_cut() || !may(row) {
            return false;
        }
        // Nobody else has it now: steps before this one have left it, and those behind it wait for this one.
        let Ok(mut place) = self.rows[row % ROWS].lock() else { return false };
        let is_whole = work(&mut worker, &mut place);
        if is_whole {
            stage.done.store(row + 1, Ordering::Release);
        } else {
            stage.is_cut.store(true, Ordering::Release);
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
    truncated: Truncated,
    /// Whether the coefficients or modes ended before the image did, so that what follows is gray.
    pub(super) is_cut: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(stages: &'a Stages<'a>, is_alone: bool, truncated: Truncated) -> Self {
        let Size { width, height } = stages.size;
        let across = width.div_ceil(16) as usize;
        let half = Size::new(width.div_ceil(2), height.div_ceil(2));
        let layout = |size, scale, rows| PlaneLayout { size, scale: (scale, scale), stride: across * rows, rows };
        Self {
            stages,
            layouts: [layout(stages.size, 1.0, 16), layout(half, 0.5, 8), layout(half, 0.5, 8)],
            is_alone,
            truncated,
            is_cut: false,
        }
    }

    /// Decodes the rows that nobody asked for.
    ///
    /// # Errors
    /// [`ImageError::Truncated`] if they are not all there and have to be.
    pub(super) fn skip_rest(&mut self) -> Result<(), ImageError> {
        while !self.is_cut && self.stages.taken.load(Ordering::Relaxed) < self.stages.count {
            self.read(&mut [])?;
        }
        Ok(())
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
        while !is_there() && !stages.is_over() {
            let step = || stages.make_samples() || self.is_alone && stages.read_coefficients() || stages.read_modes();
            beside::wait_until(|| step() || is_there() || stages.is_over());
        }
        let rebuild = stages.rebuilt();
        let done = stages.rebuild.done();
        if done < needed {
            if self.truncated == Truncated::Refuse || stages.has_ended() {
                let reason = format!("found {done} of {} rows of macroblocks", stages.count);
                return Err(ImageError::Truncated { format: Format::WebP, reason });
            }
            self.is_cut = true;
        }
        match rebuild {
            // The last row of macroblocks that is there has nothing below it that its lower edge could be filtered with.
            Some(rebuild) if strip < done => {
                for (plane, target) in rebuild.planes.iter().zip(targets) {
                    let samples = plane.strip(strip);
                    let _ = target.get_mut(..samples.len()).map(|target| target.copy_from_slice(samples));
                }
            }
            _ => targets.iter_mut().zip(GRAY).for_each(|(target, gray)| target.fill(gray)),
        }
        stages.taken.store(strip + 1, Ordering::Release);
        Ok(())
    }
}
