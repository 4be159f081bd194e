//! Stands between the engine's HTTP service and the engine's slots in the worker, as the service's orchestrator.
//!
//! The service takes permits from a pool and loses one forever whenever a prediction fails before its request was sent: a folder that cannot be made, a
//! request too large for a frame. So the pool that it is given holds permits of ours, each at one end of a pair of sockets. A task at the other end, a
//! *door*, passes requests on to a slot of the engine's own pool. A permit that the service drops closes its end; the door sees that and makes a new one.
//!
//! The doors also do what the engine leaves out. A cancel reaches the very prediction that it was meant for, however early it comes. The permit goes back to
//! the pool before the client has the answer. Folders are removed when the last prediction that uses them has ended.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use coglet::{
    Orchestrator,
    bridge::{
        codec::JsonCodec,
        protocol::{SlotId, SlotRequest},
    },
    orchestrator::{HealthcheckResult, OrchestratorError, OrchestratorHandle, OrchestratorReady},
    permit::{PermitPool, SlotIdleToken},
};
use futures_util::StreamExt;
use tokio::{
    net::UnixStream,
    sync::{oneshot, watch},
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until},
};
use tokio_util::codec::{FramedRead, FramedWrite};

use super::{
    folder::Folders,
    table::{Entry, Shared, Table, lock},
};

/// The name under which a request's `context` tells the worker by which id this prediction is canceled.
pub(super) const CANCEL_ID: &str = "cog-kit.cancel-id";

/// The time that a prediction has to end by itself once it is canceled. After it, the client is answered, and the slot is busy until the prediction ends.
const CANCEL_LIMIT: Duration = Duration::from_millis(200);

/// How often the watch over slots looks. It counts looks and not time, for a machine may sleep.
const LOOK: Duration = Duration::from_secs(1);

/// Looks until a slot is given up whose prediction is over, but which the worker has not freed. Its loop may be held up by a health check, for 5 s.
const LOOKS_FOR_IDLE: u32 = 30;

/// Looks until a slot is given up that the worker has freed, but whose prediction is not over.
const LOOKS_FOR_END: u32 = 60;

/// The service's orchestrator.
pub(super) struct Relay {
    /// What the service takes permits from.
    pool: Arc<PermitPool>,
    engine: OrchestratorHandle,
    engine_pool: Arc<PermitPool>,
    /// Folder for large outputs on their way to the client.
    temporary: PathBuf,
    folders: Arc<Folders>,
    table: Mutex<Table>,
    /// How many predictions there are, from the service's word that one begins until its slot is free.
    busy: watch::Sender<usize>,
    /// Everything has been canceled.
    closed: watch::Sender<bool>,
    /// Takes why a slot is lost forever.
    lost: watch::Sender<Option<String>>,
}

impl Relay {
    /// Opens a door for each slot of the engine's.
    pub(super) fn start(ready: OrchestratorReady, temporary: PathBuf, folders: Arc<Folders>) -> Arc<Self> {
        let slots = ready.pool.num_slots();
        let relay = Arc::new(Self {
            pool: Arc::new(PermitPool::new(slots)),
            engine: ready.handle,
            engine_pool: ready.pool,
            temporary,
            folders,
            table: Mutex::default(),
            busy: watch::Sender::default(),
            closed: watch::Sender::default(),
            lost: watch::Sender::default(),
        });
        for number in 0..slots {
            tokio::spawn(Arc::clone(&relay).door(number));
        }
        tokio::spawn(Arc::clone(&relay).watch_permits());
        relay
    }

    pub(super) fn pool(&self) -> Arc<PermitPool> {
        Arc::clone(&self.pool)
    }

    /// Why a slot is lost forever, once one is.
    pub(super) fn lost(&self) -> watch::Receiver<Option<String>> {
        self.lost.subscribe()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The worker's last word on a prediction has come, and the client is about to be answered. With the permit free now, a client that asks again at once
    /// is not told that there is none.
    pub(super) fn ending(&self, id: &str) {
        self.table().end(id);
    }

    /// Waits until no prediction is left.
    pub(super) async fn drained(&self) {
        let _ = self.busy.subscribe().wait_for(|&count| count == 0).await;
    }

    /// Cancels everything, also what is yet to begin.
    pub(super) fn close(&self) {
        self.closed.send_replace(true);
        let table = self.table();
        for entry in table.entries() {
            lock(&entry.prediction).cancel_token().cancel();
        }
    }

    /// Keeps one permit in the service's pool, and passes on what is asked with it.
    async fn door(self: Arc<Self>, number: usize) {
        loop {
            let (theirs, ours) = match UnixStream::pair() {
                Ok(pair) => pair,
                Err(error) => {
                    tracing::error!(target: "coglet", "no sockets for a slot: {error}");
                    sleep(LOOK).await;
                    continue;
                }
            };
            let permit = SlotId::new();
            self.pool.add_permit(permit, FramedWrite::new(theirs.into_split().1, JsonCodec::new()));
            let mut requests = FramedRead::new(ours, JsonCodec::<SlotRequest>::new());
            while let Some(request) = requests.next().await {
                if let Err(error) = self.pass_on(number, permit, request).await {
                    tracing::warn!(target: "coglet", "a request could not be read: {error}");
                    break;
                }
            }
            // The service has dropped the permit, with a prediction that could not begin.
            let abandoned = self.table().announced.remove(&permit);
            if let Some(entry) = abandoned {
                tracing::warn!(target: "coglet", "Prediction {:?} could not begin", entry.id.chars().take(100).collect::<String>());
                self.finish(entry).await;
            }
        }
    }

    async fn pass_on(self: &Arc<Self>, number: usize, permit: SlotId, request: io::Result<SlotRequest>) -> io::Result<()> {
        let Some(entry) = self.table().announced.remove(&permit) else { return Ok(()) };
        let (prediction, over) = (Arc::clone(&entry.prediction), entry.over.subscribe());
        let request = match request {
            Ok(request) => request,
            Err(error) => {
                lock(&prediction).set_failed(format!("the request could not be read: {error}"));
                self.finish(entry).await;
                return Err(error);
            }
        };
        let cancel_id = SlotId::new();
        self.table().begun.insert(cancel_id, entry);
        self.run(number, cancel_id, &prediction, over, request).await;
        let entry = self.table().begun.remove(&cancel_id);
        if let Some(mut entry) = entry {
            entry.free_permit();
            let relay = Arc::clone(self);
            tokio::spawn(async move { relay.finish(entry).await });
        }
        Ok(())
    }

    async fn finish(&self, entry: Entry) {
        self.folders.release(&entry.id).await;
        self.busy.send_modify(|count| *count -= 1);
    }

    /// Runs one prediction in a slot of the engine's.
    async fn run(&self, number: usize, cancel_id: SlotId, prediction: &Shared, over: watch::Receiver<bool>, request: SlotRequest) {
        let canceled = lock(prediction).cancel_token();
        let acquired = tokio::select! {
            biased;
            () = canceled.cancelled() => None,
            permit = self.engine_pool.acquire() => permit,
        };
        let Some(mut slot) = acquired else {
            lock(prediction).set_canceled();
            return;
        };
        if lock(prediction).is_terminal() {
            drop(slot.into_idle());
            return;
        }
        let (idle_sender, idle) = oneshot::channel();
        self.engine.register_prediction(slot.slot_id(), Arc::clone(prediction), idle_sender).await;
        let outputs = self.temporary.join(format!("outputs-{number}"));
        // Without it only large outputs fail, and say so.
        let _ = fs::create_dir_all(&outputs);
        match slot.send(addressed(request, cancel_id, &outputs)).await {
            Ok(()) => {
                let answered = self.follow(prediction, cancel_id, idle).await;
                // Until then, what still comes would be taken for the next prediction's.
                tokio::select! {
                    () = is_set(over) => {}
                    () = self.until_over(prediction, answered) => {}
                }
                drop(slot.into_idle());
                remove_files(&outputs);
            }
            Err(error) => {
                lock(prediction).set_failed(format!("the request could not be sent: {error}"));
                drop(slot.into_idle());
            }
        }
    }

    /// Waits until the worker has freed the slot, and tells it when the prediction is canceled. True if the client has been answered before.
    async fn follow(&self, prediction: &Shared, cancel_id: SlotId, mut idle: oneshot::Receiver<SlotIdleToken>) -> bool {
        let canceled = lock(prediction).cancel_token();
        let (mut told, mut answered, mut looks) = (None, false, 0);
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                token = &mut idle => {
                    match token {
                        Ok(token) => token.consume(),
                        // The engine has stopped listening to the worker, and fails predictions in most cases only.
                        Err(_) => lock(prediction).set_failed("the worker stopped".to_owned()),
                    }
                    return answered;
                }
                () = canceled.cancelled(), if told.is_none() => {
                    told = Some(Instant::now() + CANCEL_LIMIT);
                    // If the worker is gone, the engine says so to everybody.
                    let _ = self.engine.cancel(cancel_id).await;
                }
                () = sleep_until(told.unwrap_or_else(Instant::now)), if told.is_some() && !answered => {
                    answered = true;
                    lock(prediction).set_canceled();
                }
                _ = ticks.tick() => {
                    looks = if !answered && lock(prediction).is_terminal() { looks + 1 } else { 0 };
                    if looks > LOOKS_FOR_IDLE {
                        self.give_up("its prediction is over, and the worker has not freed it");
                    }
                }
            }
        }
    }

    /// Waits until a prediction is over whose slot the worker has freed; mostly it is by now. If its client was answered before, that cannot be told, and a
    /// second is given to what is still on its way.
    async fn until_over(&self, prediction: &Shared, answered: bool) {
        if answered {
            sleep(LOOK).await;
            return;
        }
        for look in 0.. {
            if lock(prediction).is_terminal() {
                return;
            }
            if look > 1000 + LOOKS_FOR_END {
                self.give_up("the worker has freed it, and its prediction is not over");
                return;
            }
            sleep(if look < 1000 { Duration::from_millis(1) } else { LOOK }).await;
        }
    }

    /// Ends a server whose service holds permits for nothing: none is left, and no prediction is there.
    async fn watch_permits(self: Arc<Self>) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = 0;
        loop {
            ticks.tick().await;
            looks = if self.pool.available() == 0 && *self.busy.borrow() == 0 { looks + 1 } else { 0 };
            if looks > LOOKS_FOR_IDLE {
                self.give_up("none is free, and no prediction is running");
                return;
            }
        }
    }

    fn give_up(&self, why: &str) {
        self.lost.send_replace(Some(why.to_owned()));
    }
}

#[async_trait::async_trait]
impl Orchestrator for Relay {
    async fn register_prediction(&self, permit: SlotId, prediction: Shared, idle: oneshot::Sender<SlotIdleToken>) {
        let id = lock(&prediction).id().to_owned();
        self.busy.send_modify(|count| *count += 1);
        if let Err(error) = self.folders.take(&id).await {
            // The engine will fail as well; webhooks and streams get the reason from here.
            lock(&prediction).set_failed(format!("the prediction's folder could not be made: {error}"));
        }
        let mut table = self.table();
        if *self.closed.borrow() {
            lock(&prediction).cancel_token().cancel();
        }
        table.announced.insert(permit, Entry::new(id.clone(), prediction, permit, idle));
        table.cancel_earlier(&id);
    }

    /// The prediction's own token, which the service has set before, is what cancels it. What is left to do are earlier predictions with the same id: the
    /// service knows only the last.
    async fn cancel_by_prediction_id(&self, id: &str) -> Result<(), OrchestratorError> {
        self.table().cancel_earlier(id);
        Ok(())
    }

    async fn healthcheck(&self) -> Result<HealthcheckResult, OrchestratorError> {
        self.engine.healthcheck().await
    }

    async fn shutdown(&self) -> Result<(), OrchestratorError> {
        // The service waits for predictions whose clients wait, and for no others.
        let closed = async {
            let _ = self.closed.subscribe().wait_for(|&closed| closed).await;
            sleep(2 * CANCEL_LIMIT).await;
        };
        tokio::select! {
            () = self.drained() => {}
            () = closed => {}
        }
        self.engine.shutdown().await
    }
}

/// The request with what only our worker knows: by which id it is canceled, and where large outputs go.
fn addressed(request: SlotRequest, cancel_id: SlotId, outputs: &Path) -> SlotRequest {
    let SlotRequest::Predict { id, input, input_file, mut context, trace, .. } = request;
    context.insert(CANCEL_ID.to_owned(), cancel_id.to_string());
    SlotRequest::Predict { id, input, input_file, output_dir: outputs.to_string_lossy().into_owned(), context, trace }
}

async fn is_set(mut flag: watch::Receiver<bool>) {
    if flag.wait_for(|&set| set).await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn remove_files(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let _ = fs::remove_file(entry.path());
    }
}
