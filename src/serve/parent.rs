//! The parent process: HTTP, validation, health; and an eye on the worker.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use coglet::{
    Health, PredictionService, SetupLogAccumulator, SetupResult, VersionInfo, drain_accumulated_logs, install_crypto_provider,
    orchestrator::{OrchestratorConfig, OrchestratorError, SpawnError, WorkerSpawnConfig, WorkerSpawner, spawn_worker},
    transport::{self, ServerConfig},
};
use nix::{
    sys::wait::{Id, WaitPidFlag, waitid},
    unistd::Pid,
};
use serde_json::Value;
use tokio::{
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    time::timeout,
};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use super::{
    LogFormat, Mode, ServeOptions, document, document_with_trainer,
    worker::{TEMPORARY_VARIABLE, WORKER_VARIABLE},
};
use crate::{
    input::{InputLimits, PUBLIC_URLS_VARIABLE},
    predictor::{Predictor, Trainer},
};

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
            Self::WorkerDied { .. } => "serve.worker_died",
            Self::Engine { .. } => "serve.engine",
        }
    }
}

/// Longest time from the start of a worker to its greeting, when setups are limited at all.
const CONNECTION_LIMIT: Duration = Duration::from_secs(2);

/// Longest time from a worker's last sign to the word of how it ended.
const REAP_LIMIT: Duration = Duration::from_secs(1);

/// Serves a predictor over HTTP until SIGTERM, SIGINT or `POST /shutdown`.
///
/// # Errors
/// [`ServeError::Bind`] if the port is taken; [`ServeError::WorkerDied`] if the worker ends after it was ready: running predictions are answered as failed,
/// and the process is expected to be started again by whoever supervises it.
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
    install_crypto_provider();
    let runtime = runtime_builder().build().map_err(|source| ServeError::Engine { source: source.into() })?;
    // Removed when the worker is gone, however it went. Where none can be made, each prediction that needs one says so.
    let temporary = tempfile::Builder::new().prefix("cog-kit-").tempdir().ok();
    let spawner = SelfSpawner {
        mode,
        public_urls_only: options.public_urls_only,
        input_limits: options.input_limits,
        temporary: temporary.as_ref().map(|folder| folder.path().to_owned()),
        death: watch::Sender::default(),
    };
    let result = runtime.block_on(run(options, spawner, document));
    runtime.shutdown_background();
    result
}

/// The engine needs a multi-threaded runtime, in the parent and in the worker.
pub(super) fn runtime_builder() -> tokio::runtime::Builder {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all();
    builder
}

async fn run(options: &ServeOptions, spawner: SelfSpawner, document: fn() -> Value) -> Result<(), ServeError> {
    let (log_sender, logs) = mpsc::unbounded_channel();
    start_logging(options, log_sender);
    let service = Arc::new(PredictionService::new_no_pool().with_health(Health::Starting).with_version(VersionInfo::new()));
    let watch = Arc::new(Watch::default());
    tokio::spawn(notice_stop(options.await_explicit_shutdown, service.shutdown_rx(), Arc::clone(&watch)));
    tokio::spawn(start_worker(options.clone(), spawner, Arc::clone(&service), logs, Arc::clone(&watch)));
    // Takes some milliseconds, while the worker starts; nobody can ask before the server listens.
    service.set_schema(document()).await;
    let config =
        ServerConfig { host: options.host.to_string(), port: options.port, await_explicit_shutdown: options.await_explicit_shutdown };
    transport::serve(config, service).await.map_err(|source| ServeError::Engine { source: source.into() })?;
    match watch.death.get() {
        Some(how) => Err(ServeError::WorkerDied { how: how.clone() }),
        None => Ok(()),
    }
}

/// What tells a worker that was told to stop from one that died.
#[derive(Default)]
struct Watch {
    stopping: AtomicBool,
    death: OnceLock<String>,
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
    watch.stopping.store(true, Ordering::Relaxed);
}

/// Starts the worker and tells the service how that went.
async fn start_worker(
    options: ServeOptions,
    spawner: SelfSpawner,
    service: Arc<PredictionService>,
    mut logs: mpsc::UnboundedReceiver<String>,
    watch: Arc<Watch>,
) {
    let starting = SetupResult::starting();
    service.set_setup_result(starting.clone()).await;
    let mut death = spawner.death.subscribe();
    let config = OrchestratorConfig::new("rust")
        .with_num_slots(options.concurrency)
        .with_train(spawner.mode == Mode::Train)
        .with_setup_timeout(options.setup_timeout)
        .with_upload_url(options.upload_url)
        .with_spawner(Arc::new(spawner));
    // The engine waits for ever for a worker that dies, or hangs, before it has connected.
    let never_connected = async {
        match options.setup_timeout {
            Some(limit) => tokio::time::sleep(limit + CONNECTION_LIMIT).await,
            None => std::future::pending().await,
        }
    };
    let crashed = |how: String| format!("worker crashed: {how}");
    let spawned = tokio::select! {
        // A setup that fails ends its worker too, and says more than that end.
        biased;
        spawned = spawn_worker(config, &mut logs) => match spawned {
            Ok(ready) => Ok(ready),
            // The engine saw a pipe break; how the worker ended says more. It cannot be told if the engine reaped it first.
            Err(error @ (OrchestratorError::WorkerCrashed | OrchestratorError::Protocol(_))) => {
                Err(crashed(timeout(REAP_LIMIT, ended(&mut death)).await.ok().flatten().unwrap_or_else(|| error.to_string())))
            }
            Err(error) => Err(error.to_string()),
        },
        () = never_connected => Err("worker setup timed out".to_owned()),
        Some(how) = ended(&mut death) => Err(crashed(how)),
    };
    match spawned {
        Ok(ready) => {
            service.set_orchestrator(ready.pool, Arc::new(ready.handle)).await;
            tracing::info!(target: "coglet", "Server ready");
            service.set_setup_result(starting.succeeded(ready.setup_logs + &drain_accumulated_logs(&mut logs))).await;
            service.set_health(Health::Ready).await;
            drop(logs);
            if let Some(how) = ended(&mut death).await
                && !watch.stopping.load(Ordering::Relaxed)
            {
                tracing::error!(target: "coglet", "The worker process ended: {how}");
                let _ = watch.death.set(how);
                service.set_health(Health::Defunct).await;
                service.trigger_shutdown();
            }
        }
        Err(message) => {
            tracing::error!(target: "coglet", "{message}");
            // Whoever sees the health change finds the reason.
            service.set_setup_result(starting.failed(message)).await;
            service.set_health(Health::SetupFailed).await;
        }
    }
}

/// How the worker ended, once it has; nothing if that cannot be found out any more.
async fn ended(death: &mut watch::Receiver<Option<String>>) -> Option<String> {
    death.wait_for(Option::is_some).await.ok()?.clone()
}

/// Starts this very binary as the worker.
struct SelfSpawner {
    mode: Mode,
    public_urls_only: bool,
    input_limits: InputLimits,
    /// The folder for everything temporary of the worker.
    temporary: Option<PathBuf>,
    /// Takes how the worker ended.
    death: watch::Sender<Option<String>>,
}

impl WorkerSpawner for SelfSpawner {
    fn spawn(&self, _: &WorkerSpawnConfig) -> Result<Child, SpawnError> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .env(WORKER_VARIABLE, self.mode.name())
            // The worker's sources read it.
            .env(PUBLIC_URLS_VARIABLE, if self.public_urls_only { "1" } else { "0" })
            .envs(self.input_limits.to_variables())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true);
        if let Some(folder) = &self.temporary {
            command.env(TEMPORARY_VARIABLE, folder);
        }
        let child = command.spawn()?;
        if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
            let death = self.death.clone();
            std::thread::spawn(move || {
                // Looks without reaping: the engine reaps its child itself.
                if let Ok(status) = waitid(Id::Pid(Pid::from_raw(pid)), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {
                    death.send_replace(Some(describe(status)));
                }
            });
        }
        Ok(child)
    }
}

fn describe(status: nix::sys::wait::WaitStatus) -> String {
    use nix::sys::wait::WaitStatus;
    match status {
        WaitStatus::Exited(_, code) => format!("exit code {code}"),
        WaitStatus::Signaled(_, signal, _) => format!("killed by {signal}"),
        other => format!("{other:?}"),
    }
}

/// Logs to stderr, and into `setup.logs` while the setup lasts.
fn start_logging(options: &ServeOptions, setup: mpsc::UnboundedSender<String>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("coglet={}", options.log_level)));
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match options.log_format {
        LogFormat::Console => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // A program that has its own subscriber keeps it, and goes without setup logs.
    let _ = tracing_subscriber::registry().with(filter).with(SetupLogAccumulator::new(setup)).with(lines).try_init();
}
