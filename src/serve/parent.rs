//! The parent process: HTTP, validation, health; and an eye on the worker.

use std::{
    io::IsTerminal,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use coglet::{
    Health, Orchestrator, PredictionService, SetupLogAccumulator, SetupResult, VersionInfo, drain_accumulated_logs,
    install_crypto_provider,
    orchestrator::{OrchestratorConfig, OrchestratorError, OrchestratorReady, spawn_worker},
    transport::{self, ServerConfig},
};
use serde_json::Value;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    time::{sleep, timeout},
};
use tracing_subscriber::{EnvFilter, Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use super::{
    LogFormat, Mode, ServeOptions, document, document_with_trainer,
    ending::{ENDING_TARGET, Ending, RelayCell},
    folder::{ENGINE_FOLDER, Folders},
    log_writer::{self, LogWriter},
    preflight,
    relay::Relay,
    spawner::SelfSpawner,
};
use crate::predictor::{Predictor, Trainer};

/// Why a server stopped, or never started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    // the caller
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    // the machine
    /// A folder that predictions need cannot be written to.
    #[error("cannot write to the folder {}, which predictions need", folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Too few files may be open at the same time.
    #[error("found a limit of {found} open files, expected at least {expected} (see `ulimit -n`)")]
    Descriptors {
        /// The limit.
        found: u64,
        /// What the server and its worker need.
        expected: u64,
    },
    /// A prediction's slot is lost forever, and the server has fewer than it should have.
    #[error("a slot for predictions is lost: {why}")]
    SlotLost {
        /// How that was seen.
        why: String,
    },
    /// The worker process ended while the server was to go on.
    #[error("the worker process ended unexpectedly: {how}")]
    WorkerDied {
        /// Exit status or signal.
        how: String,
    },
    /// The server failed.
    #[error("the server stopped")]
    Engine {
        /// What the engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ServeError {
    /// A stable name for programs, such as `serve.bind`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Bind { .. } => "serve.bind",
            Self::Unwritable { .. } => "serve.unwritable",
            Self::Descriptors { .. } => "serve.descriptors",
            Self::SlotLost { .. } => "serve.slot_lost",
            Self::WorkerDied { .. } => "serve.worker_died",
            Self::Engine { .. } => "serve.engine",
        }
    }
}

/// Longest time from the start of a worker to its greeting, when setups are limited at all.
const CONNECTION_LIMIT: Duration = Duration::from_secs(2);

/// Longest time that connections get to end after the predictions have, when the server is told to stop.
const CLOSING_LIMIT: Duration = Duration::from_secs(1);

/// Longest wait for what is left to write to the log.
const LOG_LIMIT: Duration = Duration::from_secs(1);

/// Longest time from a worker's last sign to the word of how it ended.
const REAP_LIMIT: Duration = Duration::from_secs(1);

/// Serves a predictor over HTTP until SIGTERM, SIGINT or `POST /shutdown`.
///
/// # Errors
/// [`ServeError::Bind`] if the port is taken, [`ServeError::Unwritable`] and [`ServeError::Descriptors`] if the machine cannot do what predictions need;
/// [`ServeError::WorkerDied`] if the worker ends after it was ready: running predictions are answered as failed, and the process is expected to be started
/// again by whoever supervises it; [`ServeError::SlotLost`] in the same sense.
pub fn serve<P: Predictor>(options: &ServeOptions) -> Result<(), ServeError> {
    start(options, Mode::Predict, document::<P>)
}

/// Serves a model that can be trained: its predictions or its trainings, as Cog's `--x-mode` says. The document describes both.
///
/// # Errors
/// Those of [`serve`].
pub fn serve_with_trainer<P: Predictor, T: Trainer>(options: &ServeOptions, mode: Mode) -> Result<(), ServeError> {
    start(options, mode, document_with_trainer::<P, T>)
}

fn start(options: &ServeOptions, mode: Mode, document: fn() -> Value) -> Result<(), ServeError> {
    let address = SocketAddr::new(options.host, options.port);
    // The engine binds for itself, and late; a taken port should be said before a worker is started.
    TcpListener::bind(address).map_err(|source| ServeError::Bind { address, source })?;
    // Removed when the worker is gone, however it went.
    let temporary = preflight::prepare(options.concurrency)?;
    install_crypto_provider();
    let runtime = runtime_builder().build().map_err(|source| ServeError::Engine { source: source.into() })?;
    let relay = RelayCell::default();
    let (setup_sender, setup_logs) = mpsc::unbounded_channel();
    let log = start_logging(options, setup_sender, Ending::new(Arc::clone(&relay)))
        .map_err(|source| ServeError::Engine { source: source.into() })?;
    let folders = Arc::new(Folders::new(ENGINE_FOLDER));
    let worker = WorkerStart {
        options: options.clone(),
        mode,
        temporary: temporary.path().to_owned(),
        folders: Arc::clone(&folders),
        log: log.clone(),
        setup_logs,
    };
    let result = runtime.block_on(run(options, worker, document, relay));
    // What still runs could make a folder again.
    runtime.shutdown_timeout(CLOSING_LIMIT);
    folders.sweep();
    log.finish(LOG_LIMIT);
    result
}

/// What it takes to start a worker and to talk to it.
struct WorkerStart {
    options: ServeOptions,
    mode: Mode,
    /// The folder for everything temporary of the worker.
    temporary: PathBuf,
    folders: Arc<Folders>,
    log: LogWriter,
    /// What is logged while the setup lasts.
    setup_logs: mpsc::UnboundedReceiver<String>,
}

/// The engine needs a multi-threaded runtime, in the parent and in the worker.
pub(super) fn runtime_builder() -> tokio::runtime::Builder {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all();
    builder
}

async fn run(options: &ServeOptions, worker: WorkerStart, document: fn() -> Value, relay: RelayCell) -> Result<(), ServeError> {
    let service = Arc::new(PredictionService::new_no_pool().with_health(Health::Starting).with_version(VersionInfo::new()));
    let watch = Arc::new(Watch { relay, ..Watch::default() });
    tokio::spawn(notice_stop(options.await_explicit_shutdown, service.shutdown_rx(), Arc::clone(&watch)));
    tokio::spawn(stop_predictions(options.shutdown_timeout, Arc::clone(&watch)));
    tokio::spawn(worker.start(Arc::clone(&service), Arc::clone(&watch)));
    // Takes some milliseconds, while the worker starts; nobody can ask before the server listens.
    service.set_schema(document()).await;
    let config =
        ServerConfig { host: options.host.to_string(), port: options.port, await_explicit_shutdown: options.await_explicit_shutdown };
    let overdue = async {
        wait_for(&watch.stopped).await;
        sleep(CLOSING_LIMIT).await;
    };
    tokio::select! {
        served = transport::serve(config, Arc::clone(&service)) => served.map_err(|source| ServeError::Engine { source: source.into() })?,
        // The engine waits forever for a client that is slow, or does not end its request.
        () = overdue => service.shutdown().await,
    }
    watch.failure.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
}

/// How far the server is on its way to its end.
#[derive(Default)]
struct Watch {
    /// It was told to stop. What tells a worker that was told to stop from one that died.
    stopping: watch::Sender<bool>,
    /// Predictions have ended, or were told to.
    stopped: watch::Sender<bool>,
    /// Why it stops by itself.
    failure: Mutex<Option<ServeError>>,
    relay: RelayCell,
}

async fn wait_for(flag: &watch::Sender<bool>) {
    // The sender lives for as long as the borrow.
    let _ = flag.subscribe().wait_for(|&set| set).await;
}

/// Notes that the server was asked to stop, by the same signs that the engine looks for.
async fn notice_stop(await_explicit_shutdown: bool, mut shutdown: watch::Receiver<bool>, watch: Arc<Watch>) {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) if !await_explicit_shutdown => terminate.recv().await,
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
        _ = shutdown.wait_for(|&asked| asked) => {}
    }
    watch.stopping.send_replace(true);
}

/// Once the server is to stop, gives predictions some time to end, and cancels what is left.
async fn stop_predictions(limit: Duration, watch: Arc<Watch>) {
    wait_for(&watch.stopping).await;
    if let Some(relay) = watch.relay.get() {
        let _ = timeout(limit, relay.drained()).await;
        relay.close();
    }
    watch.stopped.send_replace(true);
}

impl WorkerStart {
    /// Starts the worker and tells the service how that went; then waits for what ends the server before its time.
    async fn start(mut self, service: Arc<PredictionService>, watch: Arc<Watch>) {
        let starting = SetupResult::starting();
        service.set_setup_result(starting.clone()).await;
        let death = watch::Sender::default();
        let mut ended = death.subscribe();
        match self.spawn(death).await {
            Ok(ready) => {
                let logs = ready.setup_logs.clone();
                let relay = Relay::start(ready, self.temporary, self.folders);
                let _ = watch.relay.set(Arc::clone(&relay));
                service.set_orchestrator(relay.pool(), Arc::clone(&relay) as Arc<dyn Orchestrator>).await;
                tracing::info!(target: "coglet", "Server ready");
                service.set_setup_result(starting.succeeded(logs + &drain_accumulated_logs(&mut self.setup_logs))).await;
                service.set_health(Health::Ready).await;
                drop(self.setup_logs);
                let mut lost = relay.lost();
                let failure = tokio::select! {
                    Some(how) = told(&mut ended) => ServeError::WorkerDied { how },
                    Some(why) = told(&mut lost) => ServeError::SlotLost { why },
                    else => return,
                };
                if !*watch.stopping.borrow() {
                    tracing::error!(target: "coglet", "{failure}");
                    *watch.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
                    service.set_health(Health::Defunct).await;
                    service.trigger_shutdown();
                }
            }
            Err(message) => {
                tracing::error!(target: "coglet", "{message}");
                // The reason must be there before the health changes.
                service.set_setup_result(starting.failed(message)).await;
                service.set_health(Health::SetupFailed).await;
            }
        }
    }

    /// A worker that has been set up, or why there is none; `death` takes how it ended.
    async fn spawn(&mut self, death: watch::Sender<Option<String>>) -> Result<OrchestratorReady, String> {
        let (mut ended, mut ended_first) = (death.subscribe(), death.subscribe());
        let spawner = SelfSpawner {
            mode: self.mode,
            public_urls_only: self.options.public_urls_only,
            input_limits: self.options.input_limits,
            upload_url: self.options.upload_url.clone(),
            temporary: self.temporary.clone(),
            log: self.log.clone(),
            death,
        };
        let config = OrchestratorConfig::new("rust")
            .with_num_slots(self.options.concurrency)
            .with_train(self.mode == Mode::Train)
            .with_setup_timeout(self.options.setup_timeout)
            .with_spawner(Arc::new(spawner));
        // The engine waits forever for a worker that dies, or hangs, before it has connected.
        let never_connected = async {
            match self.options.setup_timeout {
                Some(limit) => sleep(limit + CONNECTION_LIMIT).await,
                None => std::future::pending().await,
            }
        };
        let crashed = |how: String| format!("worker crashed: {how}");
        tokio::select! {
            // A setup that fails ends its worker too, and says more than that end.
            biased;
            spawned = spawn_worker(config, &mut self.setup_logs) => match spawned {
                Ok(ready) => Ok(ready),
                // The engine saw a pipe break; how the worker ended says more. It cannot be told if the engine reaped it first.
                Err(error @ (OrchestratorError::WorkerCrashed | OrchestratorError::Protocol(_))) => {
                    Err(crashed(timeout(REAP_LIMIT, told(&mut ended)).await.ok().flatten().unwrap_or_else(|| error.to_string())))
                }
                Err(error) => Err(error.to_string()),
            },
            () = never_connected => Err("worker setup timed out".to_owned()),
            Some(how) = told(&mut ended_first) => Err(crashed(how)),
        }
    }
}

/// What a watch says, once it does; nothing if it never will.
async fn told(watch: &mut watch::Receiver<Option<String>>) -> Option<String> {
    watch.wait_for(Option::is_some).await.ok()?.clone()
}

/// Logs to stderr, and into `setup.logs` while the setup lasts. What the engine says about permits that are lost is left out, for they are replaced. `ending` hears what the engine says whatever is logged.
fn start_logging(options: &ServeOptions, setup: mpsc::UnboundedSender<String>, ending: Ending) -> std::io::Result<LogWriter> {
    let filter =
        || EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("coglet={},coglet::permit=off", options.log_level)));
    let writer = log_writer::start()?;
    let lines = fmt::layer().with_writer(writer.clone());
    let lines = match options.log_format {
        LogFormat::Console => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let setup = SetupLogAccumulator::new(setup).with_filter(filter());
    let ending = ending.with_filter(Targets::new().with_target(ENDING_TARGET, tracing::Level::INFO));
    // A program that has its own subscriber keeps it, and goes without setup logs.
    let _ = tracing_subscriber::registry().with(ending).with(setup).with(lines.with_filter(filter())).try_init();
    Ok(writer)
}
