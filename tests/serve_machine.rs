//! Machines that lack what a server needs: it says so before it is READY, and nothing holds it up.

mod support;

use std::{
    fs,
    io::Read,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use support::{Server, program};

/// What a server that cannot start says, and its exit code.
fn refusal(shell: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let serve = format!("{shell} exec '{}' serve --host 127.0.0.1 --port {port}", program("strain").display());
    let mut child = Command::new("sh").args(["-c", &serve]).envs(variables.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > Duration::from_secs(20) {
            let _ = child.kill();
            panic!("the server started: {shell} {variables:?}");
        }
        thread::sleep(Duration::from_millis(10));
    };
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (status.code(), said)
}

#[test]
fn a_folder_for_temporary_files_that_is_missing_is_named_before_ready() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    // A file is as good as a file system that is read-only, also for root.
    for folder in [place.path().join("missing"), file, "/proc".into()] {
        let (code, said) = refusal("", &[("TMPDIR", folder.to_str().unwrap())]);
        assert_eq!(code, Some(1), "{said}");
        let expected = format!("error: cannot write to the folder {}, which predictions need: ", folder.display());
        assert!(said.contains(&expected), "{said}");
    }
}

#[test]
fn too_few_open_files_are_named_before_ready() {
    let (code, said) = refusal("ulimit -n 64;", &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error: found a limit of 64 open files, expected at least "), "{said}");
}

#[test]
fn a_limit_of_open_files_that_may_be_raised_is_raised() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let serve = format!("ulimit -S -n 64; exec '{}' serve --host 127.0.0.1 --port {port}", program("strain").display());
    let child = Command::new("sh").args(["-c", &serve]).stderr(Stdio::null()).spawn().unwrap();
    let server = Server::attach(child, port);
    server.wait_while("STARTING");
    assert_eq!(server.predict(json!({"act": "hello"})).1["status"], "succeeded");
}

#[test]
fn a_log_that_nobody_reads_holds_up_nothing() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(program("strain"))
        .args(["serve", "--host", "127.0.0.1", "--port", &port.to_string()])
        .env("LOG_FORMAT", "json")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server::attach(child, port);
    server.wait_while("STARTING");
    // A pipe holds 64 KiB.
    for act in ["log", "print", "error", "log", "print"] {
        let (status, body) = server.predict(json!({"act": act, "count": 1 << 20}));
        assert_eq!(status, 200, "{body}");
    }
    for _ in 0..300 {
        assert_eq!(server.predict(json!({"act": "log", "count": 200})).1["status"], "succeeded");
    }
    let begin = Instant::now();
    assert_eq!(server.health(), "READY");
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    assert_eq!(server.client.post(format!("{}/shutdown", server.url)).send().unwrap().status(), 200);
    assert_eq!(server.end(), Some(0));
}
