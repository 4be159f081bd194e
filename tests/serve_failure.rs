//! Predictors behind Cog's engine when a prediction, a setup or the worker goes wrong: what the client sees, and how the server ends.

mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, children_of};

fn act(what: &str) -> Value {
    json!({"act": what})
}

fn assert_well(server: &Server) {
    let (status, body) = server.predict(act("hello"));
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
}

#[test]
fn a_prediction_that_fails_leaves_the_next_one_unharmed() {
    let server = Server::start("misbehave", &[]);
    for (what, expected) in [("error", "as you wish"), ("panic", "predict panicked at tests/predictors/misbehave.rs")] {
        let error = server.failure(act(what));
        assert!(error.contains(expected), "{what}: {error}");
        assert_well(&server);
    }
    assert!(server.failure(act("panic")).ends_with("boom"));
    let (_, body) = server.predict(act("thread"));
    assert_eq!(body["output"], "joined: true", "{body}");
    assert_eq!(server.health(), "READY");
}

#[test]
fn a_worker_that_dies_answers_its_prediction_and_ends_the_server_with_1() {
    for what in ["exit", "abort", "kill"] {
        let mut server = Server::start("misbehave", &[]);
        let error = server.failure(act(what));
        assert!(!error.is_empty(), "{what}");
        assert_eq!(server.end(), Some(1), "{what}");
    }
}

#[test]
fn a_worker_that_dies_answers_every_slot() {
    let mut server = Server::start("misbehave", &[("COG_MAX_CONCURRENCY", "2")]);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.failure(act("wait")));
        let start = Instant::now();
        while server.get("/health-check")["status"] != "READY" || start.elapsed() < Duration::from_millis(200) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(!server.failure(act("kill")).is_empty());
        assert!(!waiting.join().unwrap().is_empty());
    });
    assert_eq!(server.end(), Some(1));
}

#[test]
fn a_setup_that_fails_says_why_and_keeps_the_server_answering() {
    for (how, expected) in [("error", "no weights"), ("panic", "weights of lead"), ("exit", "worker crashed"), ("abort", "worker crashed")]
    {
        let server = Server::start("misbehave", &[("MISBEHAVE_SETUP", how)]);
        let health = server.get("/health-check");
        assert_eq!(health["status"], "SETUP_FAILED", "{health}");
        assert_eq!(health["setup"]["status"], "failed", "{health}");
        assert!(health["setup"]["logs"].as_str().unwrap().contains(expected), "{how}: {health}");
        let (status, body) = server.predict(act("hello"));
        assert_eq!(status, 503);
        assert!(body["error"].as_str().unwrap().starts_with("Setup has not finished yet."), "{body}");
    }
}

#[test]
fn a_panic_on_a_thread_that_setup_joins_is_setups_own_affair() {
    let server = Server::start("misbehave", &[("MISBEHAVE_SETUP", "thread")]);
    assert_eq!(server.health(), "READY");
    assert_well(&server);
}

#[test]
fn a_worker_that_dies_before_it_connects_is_a_failed_setup() {
    let server = Server::start("misbehave", &[("MISBEHAVE_START", "exit")]);
    let health = server.get("/health-check");
    assert_eq!(health["status"], "SETUP_FAILED", "{health}");
    // How it ended cannot be told if the engine noticed first, by a pipe that broke.
    let logs = health["setup"]["logs"].as_str().unwrap();
    assert!(logs.contains("worker crashed: exit code 9") || logs.contains("worker crashed: protocol error"), "{health}");
}

#[test]
fn a_setup_that_never_ends_is_ended_by_its_timeout() {
    for variable in ["MISBEHAVE_SETUP", "MISBEHAVE_START"] {
        let server = Server::begin("misbehave", &[], &[(variable, "sleep"), ("COG_SETUP_TIMEOUT", "1")]);
        assert_eq!(server.get("/health-check")["status"], "STARTING");
        assert_eq!(server.predict(act("hello")).0, 503);
        server.wait_while("STARTING");
        let health = server.get("/health-check");
        assert_eq!(health["status"], "SETUP_FAILED", "{health}");
        assert!(health["setup"]["logs"].as_str().unwrap().contains("timed out"), "{health}");
        let start = Instant::now();
        while !children_of(server.child.id()).is_empty() {
            assert!(start.elapsed() < Duration::from_secs(5), "the worker was left running");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What is in a folder, once it is empty or 10 s have passed.
fn left_in(folder: &Path) -> Vec<PathBuf> {
    let start = Instant::now();
    loop {
        let left: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        if left.is_empty() || start.elapsed() > Duration::from_secs(10) {
            return left;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A server of two slots, both taken: by a prediction that stops when it is told to, and by one that does not.
fn busy_server(temporary: &Path) -> (Server, [PathBuf; 2]) {
    let variables = [("COG_MAX_CONCURRENCY", "2"), ("TMPDIR", temporary.to_str().unwrap())];
    let server = Server::start("misbehave", &variables);
    let folders = ["wait", "ignore"].map(|what| {
        let id = format!("busy-{}-{what}", server.child.id());
        let request = server.client.put(format!("{}/predictions/{id}", server.url)).header("prefer", "respond-async");
        assert_eq!(request.json(&json!({"input": {"act": what, "file": "data:,x"}})).send().unwrap().status(), 202);
        Path::new("/tmp/coglet/predictions").join(id)
    });
    // Each has a file and a scratch directory, and says so before it waits.
    let start = Instant::now();
    let made = || -> usize {
        let inner = std::fs::read_dir(temporary).unwrap().next().unwrap().unwrap().path();
        std::fs::read_dir(inner).unwrap().count()
    };
    while made() < 4 {
        assert!(start.elapsed() < Duration::from_secs(10), "found {} temporary files, expected 4", made());
        std::thread::sleep(Duration::from_millis(5));
    }
    (server, folders)
}

fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().unwrap().success());
}

#[test]
fn a_stop_while_predictions_run_leaves_no_file() {
    let temporary = tempfile::tempdir().unwrap();
    let (mut server, folders) = busy_server(temporary.path());
    signal(server.child.id(), "TERM");
    assert_eq!(server.end(), Some(0));
    let left: Vec<_> = std::fs::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    assert!(folders.iter().all(|folder| !folder.exists()), "{folders:?}");
}

#[test]
fn a_signal_to_the_whole_group_stops_the_server_in_order() {
    for name in ["TERM", "INT"] {
        let mut server = Server::start("misbehave", &[]);
        let workers = children_of(server.child.id());
        assert_eq!(workers.len(), 1);
        signal(workers[0], name);
        assert_well(&server);
        signal(server.child.id(), name);
        assert_eq!(server.end(), Some(0), "{name}");
    }
}

#[test]
fn a_predictor_may_start_a_runtime_of_its_own() {
    let server = Server::start("misbehave", &[]);
    assert_eq!(server.predict(act("runtime")).1["output"], "ran");
}

#[test]
fn a_worker_that_dies_leaves_no_temporary_file() {
    for what in ["exit", "kill"] {
        let temporary = tempfile::tempdir().unwrap();
        let mut server = Server::start("misbehave", &[("TMPDIR", temporary.path().to_str().unwrap())]);
        server.failure(json!({"act": what, "file": "data:,x"}));
        assert_eq!(server.end(), Some(1), "{what}");
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "{what}");
    }
}

#[test]
fn a_server_that_is_killed_takes_its_worker_and_their_files_with_it() {
    let temporary = tempfile::tempdir().unwrap();
    let (mut server, folders) = busy_server(temporary.path());
    signal(server.child.id(), "KILL");
    assert_eq!(server.end(), None);
    assert_eq!(left_in(temporary.path()), Vec::<PathBuf>::new());
    assert!(folders.iter().all(|folder| !folder.exists()), "{folders:?}");
}
