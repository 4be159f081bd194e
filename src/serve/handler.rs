//! Runs the predictor for the engine: each prediction on a thread that it may block.

use std::{
    collections::HashMap,
    fs::{self, File},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use coglet::{PredictHandler, PredictResult, SetupError, SlotSender, bridge::protocol::SlotId, orchestrator::HealthcheckResult};
use nix::unistd::dup2_stdin;
use serde_json::{Map, Value};
use tokio::{
    sync::watch,
    task::{block_in_place, spawn_blocking},
    time::timeout,
};
use tracing::Dispatch;

use super::{
    Mode,
    capture::Capture,
    folder::EngineFolder,
    janitor::{Janitor, Leftovers},
    logs, panics,
    sink::SlotSink,
};
use crate::{
    input::{Input, InputError, Sources},
    predictor::{Canceled, Context, Error, Output, Predictor, Result as PredictorResult, Sink},
};

/// Longest answer to a health check. The engine's parent gives up after 10 s.
const HEALTH_LIMIT: Duration = Duration::from_secs(5);

/// Longest wait, when the worker ends, for predictions that were told to stop.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// Longest time that the worker takes to end; the engine kills it after 10 s.
const END_LIMIT: Duration = Duration::from_secs(8);

/// A slot's prediction, or its last one.
///
/// The engine's parent reads output files after `predict` has returned, in the order in which messages arrive on the slot; so they are surely read when
/// the slot is given its next prediction.
#[derive(Default)]
struct Slot {
    canceled: Arc<AtomicBool>,
    /// The prediction's id, while it runs.
    running: Option<String>,
    leftovers: Leftovers,
}

pub(super) struct Handler<P> {
    mode: Mode,
    predictor: OnceLock<Arc<P>>,
    sources: Sources,
    records: Dispatch,
    /// With one slot, what is printed.
    capture: OnceLock<Arc<Capture>>,
    slots_wanted: usize,
    slots: Mutex<HashMap<SlotId, Slot>>,
    /// How many predictions run.
    running: watch::Sender<usize>,
    /// Where everything temporary goes, if the parent has made a folder for it.
    temporary: Option<PathBuf>,
    asking_health: Arc<AtomicBool>,
    janitor: Arc<Janitor>,
}

impl<P: Predictor> Handler<P> {
    pub(super) fn new(mode: Mode, slots_wanted: usize, temporary: Option<PathBuf>) -> std::io::Result<Self> {
        let sources = Sources::remote();
        Ok(Self {
            mode,
            predictor: OnceLock::new(),
            sources: match &temporary {
                Some(folder) => sources.directory(folder),
                None => sources,
            },
            records: logs::subscriber(),
            capture: OnceLock::new(),
            slots_wanted,
            slots: Mutex::default(),
            running: watch::Sender::default(),
            temporary,
            asking_health: Arc::default(),
            janitor: Arc::new(Janitor::start()?),
        })
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<SlotId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the author's code away from the engine's descriptors: reading from stdin finds nothing, and with one slot what is printed is a log.
    fn guard_descriptors(&self) -> std::io::Result<()> {
        dup2_stdin(File::open("/dev/null")?)?;
        if self.slots_wanted == 1 {
            let _ = self.capture.set(Arc::new(Capture::start()?));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl<P: Predictor> PredictHandler for Handler<P> {
    fn is_train(&self) -> bool {
        self.mode == Mode::Train
    }

    async fn setup(&self) -> Result<(), SetupError> {
        panics::contain();
        let records = self.records.clone();
        let result = spawn_blocking(move || logs::with(&records, None, || panics::catch("setup", P::setup))).await;
        let predictor = match result {
            Ok(Ok(Ok(predictor))) => predictor,
            Ok(Ok(Err(error))) => return Err(SetupError::setup(format!("{error:#}"))),
            Ok(Err(panic)) => return Err(SetupError::setup(panic)),
            Err(error) => return Err(SetupError::internal(error.to_string())),
        };
        let _ = self.predictor.set(Arc::new(predictor));
        self.guard_descriptors().map_err(|error| SetupError::internal(error.to_string()))
    }

    async fn predict(
        &self,
        slot: SlotId,
        id: String,
        input: Value,
        sender: Arc<SlotSender>,
        context: HashMap<String, String>,
    ) -> PredictResult {
        let start = Instant::now();
        let seconds = || start.elapsed().as_secs_f64();
        let canceled = Arc::new(AtomicBool::new(false));
        let Some(predictor) = self.predictor.get().map(Arc::clone) else {
            return PredictResult::failed("the predictor is not set up".to_owned(), seconds());
        };
        self.running.send_modify(|count| *count += 1);
        let state = Slot { canceled: Arc::clone(&canceled), running: Some(id.clone()), leftovers: Leftovers::default() };
        let previous = self.slots().insert(slot, state);
        let (sources, records, capture) = (self.sources.clone(), self.records.clone(), self.capture.get().map(Arc::clone));
        let name = self.mode.name();
        let (janitor, temporary) = (Arc::clone(&self.janitor), self.temporary.clone());
        if let Some(previous) = previous {
            janitor.take(previous.leftovers);
        }
        // The engine has freed this thread for blocking. Told so once more, the runtime lets the author's code start runtimes of its own.
        let (outcome, leftovers) = block_in_place(|| {
            let folder = EngineFolder::of(&id);
            janitor.make_way(&folder);
            let sink = Arc::new(SlotSink::new(sender, Arc::clone(&canceled), capture.clone()));
            let ctx = Context::new(id, Arc::clone(&sink) as Arc<dyn Sink>, canceled).with_values(context);
            let ctx = match temporary {
                Some(folder) => {
                    // Something else may have swept it away; if it cannot be made, whoever writes to it says so.
                    let _ = fs::create_dir(&folder);
                    ctx.with_temporary(folder)
                }
                None => ctx,
            };
            let run = || logs::with(&records, Some(Arc::clone(&sink)), || run(name, &*predictor, input, ctx, &sources, &sink));
            let (outcome, mut leftovers) = match capture {
                Some(capture) => capture.during(Arc::clone(&sink), run),
                None => run(),
            };
            // What no output waits in goes at once.
            if folder.is_in_use() {
                leftovers.folder = Some(folder);
            } else {
                janitor.take(Leftovers {
                    folder: Some(folder),
                    scratch: leftovers.scratch.take_if(|_| leftovers.files.is_empty()),
                    ..Leftovers::default()
                });
            }
            (outcome, leftovers)
        });
        if let Some(state) = self.slots().get_mut(&slot) {
            state.running = None;
            state.leftovers = leftovers;
        }
        self.running.send_modify(|count| *count -= 1);
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

    async fn healthcheck(&self) -> HealthcheckResult {
        let Some(predictor) = self.predictor.get().map(Arc::clone) else {
            return HealthcheckResult::healthy();
        };
        let seconds = HEALTH_LIMIT.as_secs_f64();
        let too_long =
            || HealthcheckResult::unhealthy(format!("Healthcheck failed: user-defined healthcheck timed out after {seconds:.1} seconds"));
        // One that never returns is not asked a second time: each would hold a thread.
        if self.asking_health.swap(true, Ordering::AcqRel) {
            return too_long();
        }
        let (asking, records) = (Arc::clone(&self.asking_health), self.records.clone());
        let asked = spawn_blocking(move || {
            let answer = logs::with(&records, None, || panics::catch("healthcheck", || predictor.healthcheck()));
            asking.store(false, Ordering::Release);
            answer
        });
        match timeout(HEALTH_LIMIT, asked).await {
            Ok(Ok(Ok(Ok(true)))) => HealthcheckResult::healthy(),
            Ok(Ok(Ok(Ok(false)))) => HealthcheckResult::unhealthy("Healthcheck failed: user-defined healthcheck returned False"),
            Ok(Ok(Ok(Err(error)))) => HealthcheckResult::unhealthy(format!("Healthcheck failed: {error:#}")),
            Ok(Ok(Err(panic))) => HealthcheckResult::unhealthy(format!("Healthcheck failed: {panic}")),
            Ok(Err(error)) => HealthcheckResult::unhealthy(format!("Healthcheck error: {error}")),
            Err(_) => too_long(),
        }
    }

    async fn shutdown(&self) {
        let deadline = Instant::now() + END_LIMIT;
        for slot in self.slots().values() {
            slot.canceled.store(true, Ordering::Relaxed);
        }
        let _ = timeout(STOP_LIMIT, self.running.subscribe().wait_for(|&count| count == 0)).await;
        for (_, slot) in self.slots().drain() {
            // A prediction that does not stop ends with the process, and cannot remove anything itself.
            if let Some(id) = slot.running {
                self.janitor.take(Leftovers { folder: Some(EngineFolder::of(&id)), ..Leftovers::default() });
            }
            self.janitor.take(slot.leftovers);
        }
        let janitor = Arc::clone(&self.janitor);
        // The janitor says itself when enough is enough.
        let _ = spawn_blocking(move || janitor.finish(deadline)).await;
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
    name: &str,
    predictor: &P,
    input: Value,
    ctx: Context,
    sources: &Sources,
    sink: &Arc<SlotSink>,
) -> (Result<(), Failure>, Leftovers) {
    let logs = Arc::clone(sink);
    let asked = ctx.clone();
    let sources = sources.clone().log_to(move |line| logs.log(&format!("{line}\n"))).cancel_when(move || asked.is_canceled());
    let result = panics::catch(name, || predict(predictor, input, &sources, &ctx, &**sink));
    let outcome = match result {
        Ok(Ok(())) => Ok(()),
        // An author's code that was told to stop may well fail on the way out.
        _ if ctx.is_canceled() => Err(Failure::Canceled),
        Ok(Err(error)) => Err(Failure::from(error)),
        Err(panic) => Err(Failure::Failed(panic)),
    };
    let leftovers = Leftovers { files: sink.take_files(), scratch: ctx.end(), folder: None };
    (outcome, leftovers)
}

/// The fields of a request's `input`.
fn request_from(input: Value) -> Result<Map<String, Value>, InputError> {
    match input {
        Value::Object(fields) => Ok(fields),
        other => Err(InputError::not_an_object(&other)),
    }
}

fn predict<P: Predictor>(predictor: &P, input: Value, sources: &Sources, ctx: &Context, sink: &dyn Sink) -> PredictorResult<()> {
    let request = request_from(input)?;
    let input = P::Input::decode(&request, sources)?;
    predictor.predict(input, ctx)?.send(sink)
}
