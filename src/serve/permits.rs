//! The pool that the service takes permits from, and spare permits.
//!
//! A prediction's permit comes back some time after its client has been answered. A spare one takes its place before that, and is taken out again later.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use coglet::permit::{PermitInUse, PermitPool};

/// Spare permits beyond one for each slot, for a machine so busy that permits come back late.
const MORE_SPARES: usize = 8;

pub(super) struct Permits {
    /// Predictions at the same time.
    slots: usize,
    /// As many permits as there are slots, less those in use.
    pool: Arc<PermitPool>,
    spare: Mutex<Vec<PermitInUse>>,
}

impl Permits {
    pub(super) fn new(slots: usize) -> Self {
        let count = 2 * slots + MORE_SPARES;
        Self { slots, pool: Arc::new(PermitPool::new(count)), spare: Mutex::default() }
    }

    /// How many there are, spare ones included.
    pub(super) fn count(&self) -> usize {
        self.pool.num_slots()
    }

    pub(super) fn pool(&self) -> &Arc<PermitPool> {
        &self.pool
    }

    fn spare(&self) -> MutexGuard<'_, Vec<PermitInUse>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all have been made, at the start.
    pub(super) fn are_complete(&self) -> bool {
        let spare = self.spare();
        self.pool.available() + spare.len() >= self.count()
    }

    /// Puts a spare permit into the pool if there are fewer than there should be while so many predictions run.
    pub(super) fn release(&self, running: impl FnOnce() -> usize) {
        // Nobody else changes their number while it is looked at.
        let mut spare = self.spare();
        if self.pool.available() + running() < self.slots
            && let Some(permit) = spare.pop()
        {
            drop(permit.into_idle());
        }
    }

    /// Takes permits out of the pool that are there beyond what there should be.
    pub(super) fn balance(&self, running: impl Fn() -> usize) {
        let mut spare = self.spare();
        while self.pool.available() > 0 && self.pool.available() + running() > self.slots {
            let Some(permit) = self.pool.try_acquire() else { return };
            spare.push(permit);
        }
    }
}
