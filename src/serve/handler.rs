//! Runs the predictor for the engine: one blocking thread a prediction.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use coglet::{PredictHandler, PredictResult, SetupError, SlotSender, bridge::protocol::SlotId};
use serde_json::{Map, Value};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::{panics, sink::SlotSink};
use crate::{
    input::{Input, Path, Sources},
    predictor::{Canceled, Context, Error, Output, Predictor, Sink},
};

/// What the last prediction of a slot left behind.
///
/// The engine's parent reads output files after `predict` has returned, in the order in which messages arrive on the slot; so they are surely read when
/// the slot is given its next prediction.
type Leftovers = (Option<TempDir>, Vec<Path>);

#[derive(Default)]
struct Slot {
    canceled: Arc<AtomicBool>,
    leftovers: Leftovers,
}

pub(super) struct Handler<P> {
    predictor: OnceLock<Arc<P>>,
    sources: Sources,
    slots: Mutex<HashMap<SlotId, Slot>>,
}

impl<P: Predictor> Handler<P> {
    pub(super) fn new() -> Self {
        Self { predictor: OnceLock::new(), sources: Sources::remote(), slots: Mutex::default() }
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<SlotId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl<P: Predictor> PredictHandler for Handler<P> {
    async fn setup(&self) -> Result<(), SetupError> {
        panics::contain();
        let result = spawn_blocking(|| panics::catch("setup", P::setup)).await;
        let predictor = match result {
            Ok(Ok(Ok(predictor))) => predictor,
            Ok(Ok(Err(error))) => return Err(SetupError::setup(format!("{error:#}"))),
            Ok(Err(panic)) => return Err(SetupError::setup(panic)),
            Err(error) => return Err(SetupError::internal(error.to_string())),
        };
        let _ = self.predictor.set(Arc::new(predictor));
        Ok(())
    }

    async fn predict(
        &self,
        slot: SlotId,
        id: String,
        input: Value,
        sender: Arc<SlotSender>,
        _context: HashMap<String, String>,
    ) -> PredictResult {
        let start = Instant::now();
        let seconds = || start.elapsed().as_secs_f64();
        let canceled = Arc::new(AtomicBool::new(false));
        let previous = self.slots().insert(slot, Slot { canceled: Arc::clone(&canceled), leftovers: Leftovers::default() });
        let Some(predictor) = self.predictor.get().map(Arc::clone) else {
            return PredictResult::failed("the predictor is not set up".to_owned(), seconds());
        };
        let sources = self.sources.clone();
        let work = spawn_blocking(move || {
            drop(previous);
            run(&*predictor, id, input, &sources, sender, canceled)
        });
        let (outcome, leftovers) = match work.await {
            Ok(finished) => finished,
            Err(error) => (Err(Failure::Failed(error.to_string())), Leftovers::default()),
        };
        if let Some(state) = self.slots().get_mut(&slot) {
            state.leftovers = leftovers;
        }
        match outcome {
            Ok(()) => PredictResult::success(Value::Null, seconds(), P::Output::schema().is_list()),
            Err(Failure::Canceled) => PredictResult::cancelled(seconds()),
            Err(Failure::Failed(message)) => PredictResult::failed(message, seconds()),
        }
    }

    fn cancel(&self, slot: SlotId) {
        if let Some(state) = self.slots().get(&slot) {
            state.canceled.store(true, Ordering::Relaxed);
        }
    }

    async fn shutdown(&self) {
        self.slots().clear();
    }
}

enum Failure {
    Canceled,
    Failed(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.is::<Canceled>() { Self::Canceled } else { Self::Failed(format!("{error:#}")) }
    }
}

/// One prediction from JSON to output, with what must outlive it.
fn run<P: Predictor>(
    predictor: &P,
    id: String,
    input: Value,
    sources: &Sources,
    sender: Arc<SlotSender>,
    canceled: Arc<AtomicBool>,
) -> (Result<(), Failure>, Leftovers) {
    let sink = Arc::new(SlotSink::new(sender));
    let ctx = match Context::new(id, Arc::clone(&sink) as Arc<dyn Sink>, Arc::clone(&canceled)) {
        Ok(ctx) => ctx,
        Err(error) => return (Err(Failure::Failed(format!("no scratch directory could be made: {error}"))), Leftovers::default()),
    };
    let logs = Arc::clone(&sink);
    let sources = sources.clone().log_to(move |line| logs.log(&format!("{line}\n")));
    let result = panics::catch("predict", || predict(predictor, input, &sources, &ctx, &*sink));
    let outcome = match result {
        Ok(Ok(())) => Ok(()),
        // An author's code that was told to stop may well fail on the way out.
        _ if canceled.load(Ordering::Relaxed) => Err(Failure::Canceled),
        Ok(Err(error)) => Err(Failure::from(error)),
        Err(panic) => Err(Failure::Failed(panic)),
    };
    (outcome, (Some(ctx.into_scratch()), sink.take_files()))
}

fn predict<P: Predictor>(predictor: &P, input: Value, sources: &Sources, ctx: &Context, sink: &dyn Sink) -> Result<(), Error> {
    let request = match input {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let input = P::Input::decode(&request, sources)?;
    predictor.predict(input, ctx)?.send(sink)
}
