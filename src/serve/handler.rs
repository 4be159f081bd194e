//! Runs the predictor for the engine: each prediction on a thread that it may block.

use std::{
    collections::{HashMap, VecDeque},
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
    folder,
    janitor::{Janitor, Leftovers},
    logs, panics,
    relay::CANCEL_ID,
    sink::SlotSink,
    text::{self, ERROR_LIMIT},
    upload::{UploadQueue, UploadTarget},
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

/// So many cancels are remembered whose predictions have not come yet.
const EARLY_CANCELS: usize = 1024;

/// The predictions of this process.
///
/// The engine's parent reads output files after `predict` has returned, in the order in which messages arrive on the slot; so they are surely read when
/// the slot is given its next prediction.
#[derive(Default)]
struct Predictions {
    /// What the last prediction of each slot has left behind.
    leftovers: HashMap<SlotId, Leftovers>,
    /// Those that run, by what cancels them.
    running: HashMap<SlotId, Running>,
    /// Cancels that have overtaken their predictions; the engine brings the two on different ways. A cancel that comes too late is here as well, and makes
    /// room in time.
    early: VecDeque<SlotId>,
}

struct Running {
    id: String,
    canceled: Arc<AtomicBool>,
}

impl Predictions {
    fn begin(&mut self, cancel_id: SlotId, id: String) -> Arc<AtomicBool> {
        let early = self.early.iter().position(|known| *known == cancel_id).and_then(|index| self.early.remove(index)).is_some();
        let canceled = Arc::new(AtomicBool::new(early));
        self.running.insert(cancel_id, Running { id, canceled: Arc::clone(&canceled) });
        canceled
    }

    fn cancel(&mut self, cancel_id: SlotId) {
        match self.running.get(&cancel_id) {
            Some(prediction) => prediction.canceled.store(true, Ordering::Relaxed),
            None => {
                self.early.truncate(EARLY_CANCELS - 1);
                self.early.push_front(cancel_id);
            }
        }
    }
}

pub(super) struct Handler<P> {
    mode: Mode,
    predictor: OnceLock<Arc<P>>,
    sources: Sources,
    records: Dispatch,
    /// With one slot, what is printed.
    capture: OnceLock<Arc<Capture>>,
    slots_wanted: usize,
    predictions: Mutex<Predictions>,
    /// How many predictions run.
    running: watch::Sender<usize>,
    /// Where everything temporary goes, if the parent has made a folder for it.
    temporary: Option<PathBuf>,
    /// Where output files are uploaded.
    uploads: Option<UploadTarget>,
    asking_health: Arc<AtomicBool>,
    janitor: Arc<Janitor>,
}

impl<P: Predictor> Handler<P> {
    /// A handler that uploads output files to `uploads`, if there is such a target.
    pub(super) fn new(mode: Mode, slots_wanted: usize, temporary: Option<PathBuf>, uploads: Option<UploadTarget>) -> std::io::Result<Self> {
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
            predictions: Mutex::default(),
            running: watch::Sender::default(),
            temporary,
            uploads,
            asking_health: Arc::default(),
            janitor: Arc::new(Janitor::start()?),
        })
    }

    fn predictions(&self) -> MutexGuard<'_, Predictions> {
        self.predictions.lock().unwrap_or_else(PoisonError::into_inner)
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
            Ok(Ok(Err(error))) => return Err(SetupError::setup(text::cut(format!("{error:#}"), ERROR_LIMIT))),
            Ok(Err(panic)) => return Err(SetupError::setup(text::cut(panic, ERROR_LIMIT))),
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
        mut context: HashMap<String, String>,
    ) -> PredictResult {
        let start = Instant::now();
        let seconds = || start.elapsed().as_secs_f64();
        let Some(predictor) = self.predictor.get().map(Arc::clone) else {
            return PredictResult::failed("the predictor is not set up".to_owned(), seconds());
        };
        self.running.send_modify(|count| *count += 1);
        let cancel_id = context.remove(CANCEL_ID).and_then(|text| SlotId::parse(&text).ok()).unwrap_or(slot);
        let (canceled, previous) = {
            let mut predictions = self.predictions();
            (predictions.begin(cancel_id, id.clone()), predictions.leftovers.remove(&slot))
        };
        let (sources, records, capture) = (self.sources.clone(), self.records.clone(), self.capture.get().map(Arc::clone));
        let name = self.mode.name();
        let (janitor, temporary) = (Arc::clone(&self.janitor), self.temporary.clone());
        if let Some(previous) = previous {
            janitor.take(previous);
        }
        // The engine has freed this thread for blocking. Told so once more, the runtime lets the author's code start runtimes of its own.
        let (outcome, leftovers) = block_in_place(|| {
            let uploads = self.uploads.clone().map(|target| UploadQueue::new(target, id.clone(), Arc::clone(&canceled)));
            let sink = Arc::new(SlotSink::new(sender, Arc::clone(&canceled), capture.clone()).with_uploads(uploads));
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
            if let Some(scratch) = leftovers.scratch.take_if(|_| leftovers.files.is_empty()) {
                janitor.take(Leftovers { scratch: Some(scratch), ..Leftovers::default() });
            }
            (outcome, leftovers)
        });
        {
            let mut predictions = self.predictions();
            predictions.running.remove(&cancel_id);
            predictions.leftovers.insert(slot, leftovers);
        }
        self.running.send_modify(|count| *count -= 1);
        match outcome {
            Ok(()) => PredictResult::success(Value::Null, seconds(), P::Output::schema().is_list()),
            Err(Failure::Canceled) => PredictResult::cancelled(seconds()),
            Err(Failure::Failed(message)) => PredictResult::failed(text::cut(message, ERROR_LIMIT), seconds()),
        }
    }

    /// Cancels the prediction that `relay` has given this id: not whatever runs in a slot now, as the engine would.
    fn cancel(&self, cancel_id: SlotId) {
        self.predictions().cancel(cancel_id);
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
            Ok(Ok(Ok(Err(error)))) => HealthcheckResult::unhealthy(text::cut(format!("Healthcheck failed: {error:#}"), ERROR_LIMIT)),
            Ok(Ok(Err(panic))) => HealthcheckResult::unhealthy(text::cut(format!("Healthcheck failed: {panic}"), ERROR_LIMIT)),
            Ok(Err(error)) => HealthcheckResult::unhealthy(format!("Healthcheck error: {error}")),
            Err(_) => too_long(),
        }
    }

    async fn shutdown(&self) {
        let deadline = Instant::now() + END_LIMIT;
        let mut ids = Vec::new();
        for prediction in self.predictions().running.values() {
            prediction.canceled.store(true, Ordering::Relaxed);
            ids.push(prediction.id.clone());
        }
        let _ = timeout(STOP_LIMIT, self.running.subscribe().wait_for(|&count| count == 0)).await;
        // A parent that was killed does not do it.
        ids.iter().for_each(|id| folder::remove_orphaned(id));
        let leftovers = std::mem::take(&mut self.predictions().leftovers);
        leftovers.into_values().for_each(|leftovers| self.janitor.take(leftovers));
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
    let result = panics::catch(name, || predict(predictor, input, &sources, &ctx, sink));
    let outcome = match result {
        Ok(Ok(())) => Ok(()),
        // An author's code that was told to stop may well fail on the way out.
        _ if ctx.is_canceled() => Err(Failure::Canceled),
        Ok(Err(error)) => Err(Failure::from(error)),
        Err(panic) => Err(Failure::Failed(panic)),
    };
    let leftovers = Leftovers { files: sink.take_files(), scratch: ctx.end() };
    (outcome, leftovers)
}

/// The fields of a request's `input`.
fn request_from(input: Value) -> Result<Map<String, Value>, InputError> {
    match input {
        Value::Object(fields) => Ok(fields),
        other => Err(InputError::not_an_object(&other)),
    }
}

fn predict<P: Predictor>(predictor: &P, input: Value, sources: &Sources, ctx: &Context, sink: &SlotSink) -> PredictorResult<()> {
    let request = request_from(input)?;
    let input = P::Input::decode(&request, sources)?;
    predictor.predict(input, ctx)?.send(sink)?;
    sink.finish()
}
