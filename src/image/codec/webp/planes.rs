//! Lossy pictures as libwebp makes them, in luma and chroma: handed out strip by strip, while it is still at work.

use std::{
    collections::VecDeque,
    io::Read,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    super::super::{Format, ImageError, Levels, PlaneLayout, Planes, Size},
    worker::Progress,
};

/// Rows of luma that are handed out at once.
const STRIP_ROWS: u32 = 16;

/// The rows of a picture that are there and were not handed out yet: luma, and chroma half as wide and half as high.
pub(super) struct Waiting {
    size: Size,
    layouts: [PlaneLayout; 3],
    rows: Mutex<Rows>,
}

struct Rows {
    planes: [VecDeque<u8>; 3],
    /// Rows of luma that were there so far.
    count: u32,
}

impl Waiting {
    /// Nothing yet of a picture, with room for as many rows of luma.
    pub(super) fn new(size: Size, room: u32) -> Self {
        let half = Size::new(size.width.div_ceil(2), size.height.div_ceil(2));
        let layout = |size: Size, scale, rows| PlaneLayout { size, scale: (scale, scale), stride: size.width as usize, rows };
        let rows = STRIP_ROWS as usize;
        let layouts = [layout(size, 1.0, rows), layout(half, 0.5, rows / 2), layout(half, 0.5, rows / 2)];
        let plane = |layout: &PlaneLayout| VecDeque::with_capacity(layout.stride * (room.div_ceil(STRIP_ROWS) as usize * layout.rows));
        let planes = [plane(&layouts[0]), plane(&layouts[1]), plane(&layouts[2])];
        Self { size, layouts, rows: Mutex::new(Rows { planes, count: 0 }) }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds `count` rows of luma and half as many of chroma.
    pub(super) fn add<'r>(&self, count: u32, planes: [impl Iterator<Item = &'r [u8]>; 3]) {
        let mut rows = self.rows();
        rows.count += count;
        for (plane, lines) in rows.planes.iter_mut().zip(planes) {
            lines.for_each(|line| plane.extend(line));
        }
    }

    /// Whether the last row was there.
    pub(super) fn is_whole(&self) -> bool {
        self.rows().count == self.size.height
    }
}

/// A picture in planes that is there, or about to be.
pub(super) struct WaitingPlanes<'a> {
    waiting: &'a Waiting,
    progress: &'a Progress,
    /// The strip that comes next.
    strip: u32,
}

impl<'a> WaitingPlanes<'a> {
    pub(super) const fn new(waiting: &'a Waiting, progress: &'a Progress) -> Self {
        Self { waiting, progress, strip: 0 }
    }
}

impl Planes for WaitingPlanes<'_> {
    fn layouts(&self) -> &[PlaneLayout] {
        &self.waiting.layouts
    }

    fn levels(&self) -> Levels {
        Levels::Limited
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        self.strip += 1;
        let needed = (self.strip * STRIP_ROWS).min(self.waiting.size.height);
        self.progress.work_until(|| self.waiting.rows().count >= needed);
        let mut rows = self.waiting.rows();
        if rows.count < needed {
            return Err(ImageError::Damaged {
                format: Format::WebP,
                reason: format!("found {} of {} rows", rows.count, self.waiting.size.height),
            });
        }
        for (plane, target) in rows.planes.iter_mut().zip(targets) {
            // What is below the picture stays as it is: no weight falls on it. Reading from memory does not fail.
            let length = plane.len().min(target.len());
            let _ = target.get_mut(..length).map(|target| plane.read_exact(target));
        }
        Ok(())
    }
}
