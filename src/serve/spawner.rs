//! Starts the worker process.

use std::{fs::File, path::PathBuf, process::Stdio};

use coglet::orchestrator::{SpawnError, WorkerSpawnConfig, WorkerSpawner};
use nix::{
    sys::wait::{Id, WaitPidFlag, waitid},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    sync::watch,
};

use super::{
    Mode,
    log_writer::LogWriter,
    worker::{TEMPORARY_VARIABLE, UPLOAD_VARIABLE, WORKER_VARIABLE},
};
use crate::input::{InputLimits, PUBLIC_URLS_VARIABLE};

/// Starts this very binary as the worker.
pub(super) struct SelfSpawner {
    pub(super) mode: Mode,
    pub(super) public_urls_only: bool,
    pub(super) input_limits: InputLimits,
    pub(super) upload_url: Option<String>,
    /// The folder for everything temporary of the worker.
    pub(super) temporary: PathBuf,
    /// Takes what the worker says before the engine listens to it, and what the engine says in it.
    pub(super) log: LogWriter,
    /// Takes how the worker ended.
    pub(super) death: watch::Sender<Option<String>>,
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
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .env(TEMPORARY_VARIABLE, &self.temporary);
        match &self.upload_url {
            Some(url) => command.env(UPLOAD_VARIABLE, url),
            None => command.env_remove(UPLOAD_VARIABLE),
        };
        let mut child = command.spawn()?;
        if let Some(stderr) = child.stderr.take() {
            // The worker would wait forever for somebody to read it.
            self.log.pass_on(File::from(stderr.into_owned_fd()?))?;
        }
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
