//! Strips of coefficients, read ahead on other threads where there are any.
//!
//! Entropy-coded data can only be read in order, so a second thread reads it while the first makes samples of what was read. Where every row of MCUs
//! starts behind a restart marker, any thread can read any row, the first one included when it would have to wait. A thread that is far enough ahead
//! makes samples as well.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{
    super::super::super::{beside, guard::contained},
    frame::Frame,
    scan::{Row, Scan, Strip, rows},
};

/// Threads beside the first, however many are allowed: what they read, one thread must filter.
const MOST_HELPERS: usize = 7;

/// Strips for each helper: those that were read ahead.
const STRIPS: usize = 6;

/// Free strips for which helpers that sleep are woken: to wake one costs as much as to read a small strip.
const WORTH_WAKING: usize = STRIPS / 2;

/// Strips that wait to be worked on from which on the next is made into samples first.
const FAR_AHEAD: usize = 2;

/// What the threads share.
struct Shared<'a> {
    frame: &'a Frame<'a>,
    /// Makes samples of a strip.
    sample: &'a (dyn Fn(&mut Strip) + Sync),
    /// Rows of MCUs that can be read by themselves; none if all must be read in order.
    rows: Option<Vec<Row>>,
    state: Mutex<State<'a>>,
    changed: Condvar,
}

struct State<'a> {
    /// The first row that nobody has taken.
    untaken: usize,
    /// Where reading in order has got to; none while somebody reads.
    scan: Option<Scan<'a>>,
    /// Strips by their rows; none for those whose reader panicked.
    ready: BTreeMap<usize, Option<Strip>>,
    free: Vec<Strip>,
    is_over: bool,
}

/// A row that somebody has taken to read.
struct Taken<'a> {
    row: usize,
    scan: Scan<'a>,
    strip: Strip,
}

/// The strips of a picture, to be asked for in order.
pub(super) struct Strips<'s, 'a> {
    shared: &'s Shared<'a>,
    next: usize,
}

/// Hands the strips to `work`, which runs on this thread; up to `threads` threads, this one included, read them, and some go through `sample` first.
pub(super) fn with_strips<T>(
    frame: &Frame<'_>,
    threads: NonZeroUsize,
    sample: &(dyn Fn(&mut Strip) + Sync),
    work: impl FnOnce(Strips<'_, '_>) -> T,
) -> T {
    let helpers = (threads.get() - 1).min(MOST_HELPERS);
    let rows = if helpers > 0 { rows(frame) } else { None };
    // In order, no more than one can read.
    let helpers = if rows.is_some() { helpers } else { helpers.min(1) };
    let state = State {
        untaken: 0,
        scan: Some(Scan::new(frame, 0, 0)),
        ready: BTreeMap::new(),
        free: (0..=STRIPS * helpers)
            .map(|_| Strip::new(frame.mcus.0, frame.components.iter().map(|component| component.sampling)))
            .collect(),
        is_over: false,
    };
    let shared = Shared { frame, sample, rows, state: Mutex::new(state), changed: Condvar::new() };
    thread::scope(|scope| {
        let over = Over(&shared);
        // Without their help the work takes longer, and that is all.
        beside::spawn(scope, "cog-kit-jpeg", (0..helpers).map(|_| || shared.help()));
        let result = work(Strips { shared: &shared, next: 0 });
        drop(over);
        result
    })
}

/// Sends the helpers home when it is dropped, also by a panic.
struct Over<'s, 'a>(&'s Shared<'a>);

impl Drop for Over<'_, '_> {
    fn drop(&mut self) {
        self.0.state().is_over = true;
        self.0.changed.notify_all();
    }
}

impl<'a> Shared<'a> {
    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next row, if it can be read now.
    fn take(&self, state: &mut State<'a>) -> Option<Taken<'a>> {
        let row = state.untaken;
        if row == self.frame.mcus.1 || state.free.is_empty() {
            return None;
        }
        let scan = match &self.rows {
            Some(rows) => rows.get(row).map(|row| Scan::new(self.frame, row.start, row.markers)),
            None => state.scan.take(),
        }?;
        state.untaken += 1;
        state.free.pop().map(|strip| Taken { row, scan, strip })
    }

    /// Reads a row, and puts it where it is looked for.
    fn read(&self, taken: Taken<'a>) {
        let Taken { row, mut scan, mut strip } = taken;
        let end = self.rows.as_ref().and_then(|rows| rows.get(row)?.end);
        let read = contained(|| {
            scan.read(self.frame, &mut strip);
            strip.faults.is_damaged |= end.is_some_and(|end| !scan.ends_at(end));
        });
        let mut strip = read.is_ok().then_some(strip);
        let mut state = self.state();
        if strip.is_some() && self.rows.is_none() {
            state.scan = Some(scan);
        }
        if state.ready.len() >= FAR_AHEAD {
            drop(state);
            strip = strip.and_then(|mut strip| {
                strip.is_sampled = contained(|| (self.sample)(&mut strip)).is_ok();
                strip.is_sampled.then_some(strip)
            });
            state = self.state();
        }
        state.ready.insert(row, strip);
        drop(state);
        self.changed.notify_all();
    }

    fn help(&self) {
        let mut state = self.state();
        while !state.is_over && state.untaken < self.frame.mcus.1 {
            if let Some(taken) = self.take(&mut state) {
                drop(state);
                self.read(taken);
                state = self.state();
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl Strips<'_, '_> {
    /// Hands the next strip to `work`; none if its reader panicked, or there are no more.
    pub(super) fn next<T>(&mut self, work: impl FnOnce(&mut Strip) -> T) -> Option<T> {
        if self.next == self.shared.frame.mcus.1 {
            return None;
        }
        let mut strip = self.wait()?;
        self.next += 1;
        let result = work(&mut strip);
        let mut state = self.shared.state();
        state.free.push(strip);
        let is_worth_waking = state.free.len() >= WORTH_WAKING;
        drop(state);
        if is_worth_waking {
            self.shared.changed.notify_all();
        }
        Some(result)
    }

    /// The next strip, read here if nobody has begun to; none if its reader panicked.
    fn wait(&self) -> Option<Strip> {
        loop {
            if let Some(strip) = beside::look(|| self.look()) {
                return strip;
            }
            let state = self.shared.state();
            if !state.ready.contains_key(&self.next) {
                drop(self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// The next strip if it is there; reads a row if one can be read.
    fn look(&self) -> Option<Option<Strip>> {
        let mut state = self.shared.state();
        let strip = state.ready.remove(&self.next);
        if strip.is_none()
            && let Some(taken) = self.shared.take(&mut state)
        {
            drop(state);
            self.shared.read(taken);
        }
        strip
    }
}
