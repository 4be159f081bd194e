//! The worker process: the same binary, started again by the parent.

use std::{env, fs, path::PathBuf, process::ExitCode, sync::Arc};

use coglet::{
    WorkerConfig,
    bridge::{codec::JsonCodec, protocol::ControlRequest},
    run_worker,
};
use futures_util::StreamExt;
use nix::{
    fcntl::{FcntlArg, fcntl},
    unistd::close,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::codec::FramedRead;

use super::{Mode, handler::Handler, panics, stray, upload::UploadTarget};
use crate::predictor::Predictor;

/// Set by the parent for the worker alone: what the server does.
pub(super) const WORKER_VARIABLE: &str = "COG_KIT_WORKER";

/// Names the folder that the parent has made for everything temporary.
pub(super) const TEMPORARY_VARIABLE: &str = "COG_KIT_TEMPORARY";

/// Says where output files are uploaded.
pub(super) const UPLOAD_VARIABLE: &str = "COG_KIT_UPLOAD_URL";

/// Stack of a thread that runs predictions, in bytes. Model code recurses deeper than a server's.
const STACK: usize = 16 << 20;

/// Above every descriptor that the engine moves its channel to.
const HIGHEST_DESCRIPTOR: i32 = 102;

/// What this process does, if it was started as a worker.
pub(crate) fn worker_mode() -> Option<Mode> {
    let name = env::var(WORKER_VARIABLE).ok()?;
    [Mode::Predict, Mode::Train].into_iter().find(|mode| mode.name() == name)
}

/// Answers requests until the parent says stop or is gone.
pub(crate) fn work<P: Predictor>(mode: Mode) -> ExitCode {
    wake_with_the_parents_end();
    make_room_for_descriptors();
    // Until the engine has taken over stdout and logging, stderr is the only way to speak.
    let runtime = match super::parent::runtime_builder().thread_stack_size(STACK).on_thread_start(mark_engine_thread).build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the worker's runtime could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let temporary = env::var_os(TEMPORARY_VARIABLE).map(PathBuf::from);
    let result = runtime.block_on(async {
        let mut frames = FramedRead::new(tokio::io::stdin(), JsonCodec::<ControlRequest>::new());
        let Some(Ok(ControlRequest::Init { num_slots, transport_info, trace, .. })) = frames.next().await else {
            return Err(std::io::Error::other("the parent sent no greeting"));
        };
        // Ctrl-C reaches the whole process group, and some supervisors send SIGTERM to it too; the parent alone decides when to stop.
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let mut signals = signal(kind)?;
            tokio::spawn(async move { while signals.recv().await.is_some() {} });
        }
        // The client needs what the engine's worker installs later as well.
        coglet::install_crypto_provider();
        let uploads = env::var(UPLOAD_VARIABLE).ok().map(|url| UploadTarget::new(&url));
        let handler = Handler::<P>::new(mode, num_slots, temporary.clone(), uploads)?;
        run_worker(Arc::new(handler), WorkerConfig { num_slots, setup_log_hook: None, trace }, transport_info).await
    });
    // The parent removes it too, once this process is gone; but the parent may have been killed.
    if let Some(folder) = temporary {
        let _ = fs::remove_dir_all(folder);
    }
    // A prediction that does not end must not keep the process alive.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the worker stopped: {error}");
            ExitCode::FAILURE
        }
    }
}

fn mark_engine_thread() {
    panics::mark_engine_thread();
    stray::mark_engine_thread();
}

/// Lets the system wake this process when its parent is gone, should it be stopped then: it sees the end of its input, and ends in order. Only Linux can do
/// that; elsewhere a worker that is stopped stays until it is continued.
fn wake_with_the_parents_end() {
    #[cfg(target_os = "linux")]
    // Without it a worker that is not stopped ends all the same.
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGCONT);
}

/// Grows the table of descriptors to what the engine needs. Linux does that at once for a process of one thread, and waits some 8 ms where there are more.
fn make_room_for_descriptors() {
    // Where it fails, the table grows later.
    if let Ok(descriptor) = fcntl(std::io::stdin(), FcntlArg::F_DUPFD_CLOEXEC(HIGHEST_DESCRIPTOR)) {
        let _ = close(descriptor);
    }
}
