//! The predictions that hold a permit of the service's pool.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use coglet::{
    Prediction,
    bridge::protocol::SlotId,
    permit::{InactiveSlotIdleToken, SlotIdleToken},
};
use tokio::sync::{oneshot, watch};

pub(super) type Shared = Arc<Mutex<Prediction>>;

/// So many ids of canceled predictions are remembered.
const REMEMBERED: usize = 1024;

/// For so long they are, if there are many.
const MEMORY: Duration = Duration::from_secs(10);

/// Longest id that is remembered, in bytes.
const LONGEST_ID: usize = 1024;

/// Longest time that looking at a clock and at a prediction's age may take to count as one moment.
const MOMENT: Duration = Duration::from_micros(50);

/// So often it is tried to have them as one.
const TRIES: u32 = 100;

#[derive(Default)]
pub(super) struct Table {
    /// Predictions whose request is yet to come, by the permit that they have.
    pub(super) announced: HashMap<SlotId, Entry>,
    /// Predictions whose request has come, by the id that cancels them.
    pub(super) begun: HashMap<SlotId, Entry>,
    /// When the last canceled prediction with an id was made, for some ids.
    canceled: HashMap<String, Instant>,
}

impl Table {
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.announced.values().chain(self.begun.values())
    }

    /// Notes that the worker's last word on a prediction with this id has come.
    pub(super) fn end(&mut self, id: &str) {
        let mut same: Vec<&mut Entry> = self.begun.values_mut().filter(|entry| entry.id == id).collect();
        same.iter_mut().for_each(|entry| entry.free_permit());
        // Of several with this id, it is not known which one is meant. A permit that is free too early waits for its prediction all the same.
        if let [only] = same.as_slice() {
            only.over.send_replace(true);
        }
    }

    /// Cancels what was made before the last canceled prediction with the same id. It may be announced later, or when that one has ended.
    pub(super) fn cancel_earlier(&mut self, id: &str) {
        let last = self.entries().filter(|entry| entry.id == id && lock(&entry.prediction).is_canceled()).map(|entry| entry.made).max();
        let Some(last) = last.max(self.canceled.get(id).copied()) else { return };
        self.entries()
            .filter(|entry| entry.id == id && entry.made < last)
            .for_each(|entry| lock(&entry.prediction).cancel_token().cancel());
        if self.canceled.len() >= REMEMBERED {
            self.canceled.retain(|_, made| made.elapsed() < MEMORY);
        }
        if self.canceled.len() < REMEMBERED && id.len() <= LONGEST_ID {
            self.canceled.insert(id.to_owned(), last);
        }
    }
}

/// A prediction that holds one of our permits.
pub(super) struct Entry {
    pub(super) id: String,
    /// When the service made it.
    made: Instant,
    pub(super) prediction: Shared,
    permit: SlotId,
    /// Tells the service that the permit may go back to the pool.
    idle: Option<oneshot::Sender<SlotIdleToken>>,
    /// The worker's last word on it has come.
    pub(super) over: Arc<watch::Sender<bool>>,
}

impl Entry {
    pub(super) fn new(id: String, prediction: Shared, permit: SlotId, idle: oneshot::Sender<SlotIdleToken>) -> Self {
        Self { id, made: made(&prediction), prediction, permit, idle: Some(idle), over: Arc::default() }
    }

    pub(super) fn free_permit(&mut self) {
        if let Some(idle) = self.idle.take() {
            // The service is gone if this fails.
            let _ = idle.send(InactiveSlotIdleToken::new(self.permit).activate());
        }
    }
}

/// When the service made a prediction, which tells its age alone.
fn made(prediction: &Shared) -> Instant {
    let prediction = lock(prediction);
    let mut made = Instant::now();
    for _ in 0..TRIES {
        let now = Instant::now();
        made = now.checked_sub(prediction.elapsed()).unwrap_or(now);
        // The two are one moment, unless something came between them.
        if now.elapsed() <= MOMENT {
            break;
        }
    }
    made
}

pub(super) fn lock(prediction: &Shared) -> MutexGuard<'_, Prediction> {
    prediction.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(prediction: &Shared) -> (SlotId, Entry) {
        let permit = SlotId::new();
        (permit, Entry::new("same".to_owned(), Arc::clone(prediction), permit, oneshot::channel().0))
    }

    /// Predictions that were made one after the other.
    fn predictions<const N: usize>() -> [Shared; N] {
        std::array::from_fn(|_| {
            std::thread::sleep(Duration::from_millis(2));
            Arc::new(Mutex::new(Prediction::new("same".to_owned(), None)))
        })
    }

    fn canceled(prediction: &Shared) -> bool {
        lock(prediction).is_canceled()
    }

    #[test]
    fn a_cancel_means_earlier_predictions_with_the_same_id_and_no_later_one() {
        let [first, second, third] = predictions();
        let mut table = Table::default();
        table.announced.extend([entry(&first), entry(&second), entry(&third)]);
        table.cancel_earlier("same");
        assert!(!canceled(&first));
        lock(&second).cancel_token().cancel();
        table.cancel_earlier("same");
        assert_eq!([&first, &second, &third].map(canceled), [true, true, false]);
    }

    #[test]
    fn an_earlier_prediction_is_canceled_also_if_it_is_announced_when_the_later_one_has_ended() {
        let [first, second, third] = predictions();
        let mut table = Table::default();
        let (permit, last) = entry(&second);
        table.announced.insert(permit, last);
        lock(&second).cancel_token().cancel();
        table.cancel_earlier("same");
        table.announced.clear();
        table.announced.extend([entry(&first), entry(&third)]);
        table.cancel_earlier("same");
        assert_eq!([&first, &third].map(canceled), [true, false]);
    }
}
