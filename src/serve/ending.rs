//! The moment in which the engine ends a prediction, by its own log.
//!
//! Nothing else tells it before the client is answered. Where the engine's messages do not get here, because they have changed or because the program has a
//! subscriber of its own, permits are free some milliseconds after the answer, as they are without this.

use std::{
    fmt::Debug,
    sync::{Arc, OnceLock},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use super::relay::Relay;

/// The relay, once the worker is set up.
pub(super) type RelayCell = Arc<OnceLock<Arc<Relay>>>;

/// Hears the engine say that a prediction has ended. It does so on the same thread, and just before, it tells the service.
pub(super) struct Ending(RelayCell);

impl Ending {
    pub(super) fn new(relay: RelayCell) -> Self {
        Self(relay)
    }
}

/// The messages of the engine that say so.
const ENDINGS: [&str; 3] = ["Prediction worker completed", "Prediction failed", "Prediction cancelled"];

/// The target of these messages.
pub(super) const ENDING_TARGET: &str = "coglet::prediction";

impl<S: Subscriber> Layer<S> for Ending {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let Some(relay) = self.0.get() else { return };
        // Lines of a prediction's logs have the same target, and are told by this field.
        if event.metadata().fields().field("source").is_some() {
            return;
        }
        let mut fields = EndingFields::default();
        event.record(&mut fields);
        if fields.is_ending {
            relay.ending(&fields.id);
        }
    }
}

#[derive(Default)]
struct EndingFields {
    id: String,
    is_ending: bool,
}

impl Visit for EndingFields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "prediction_id" => self.id = format!("{value:?}"),
            "message" => self.is_ending = ENDINGS.contains(&format!("{value:?}").as_str()),
            _ => {}
        }
    }
}
