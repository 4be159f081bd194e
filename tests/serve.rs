//! Predictors behind Cog's engine: what holds when a prediction, a setup or the worker goes wrong.

mod support;

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, answer, run};

fn act(what: &str) -> Value {
    json!({"act": what})
}

fn hello(server: &Server) -> PathBuf {
    let (status, body) = server.predict(act("hello"));
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
    body["output"].as_str().unwrap().strip_prefix("hello from ").unwrap().into()
}

#[test]
fn a_prediction_that_fails_leaves_the_next_one_unharmed() {
    let server = Server::start("misbehave", &[]);
    for (what, expected) in [("error", "as you wish"), ("panic", "predict panicked at tests/predictors/misbehave.rs")] {
        let error = server.failure(act(what));
        assert!(error.contains(expected), "{what}: {error}");
        hello(&server);
    }
    assert!(server.failure(act("panic")).ends_with("boom"));
    let (_, body) = server.predict(act("thread"));
    assert_eq!(body["output"], "joined: true", "{body}");
    assert_eq!(server.health(), "READY");
}

#[test]
fn logs_and_predict_time_come_with_the_answer() {
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.predict(act("hello"));
    assert_eq!(body["logs"], "told to hello\n");
    assert!(body["metrics"]["predict_time"].as_f64().unwrap() < 5.0);
}

#[test]
fn a_scratch_directory_is_gone_by_the_next_prediction() {
    let server = Server::start("misbehave", &[]);
    let first = hello(&server);
    let second = hello(&server);
    assert_ne!(first, second);
    assert!(!first.exists(), "{} is still there", first.display());
}

#[test]
fn a_cancel_ends_the_prediction_and_frees_the_slot() {
    let server = Server::start("misbehave", &[]);
    let waiting = {
        let (client, url) = (server.client.clone(), server.url.clone());
        thread::spawn(move || answer(client.put(format!("{url}/predictions/long")).json(&json!({"input": act("wait")})).send().unwrap()))
    };
    let start = Instant::now();
    while server.client.post(format!("{}/predictions/long/cancel", server.url)).send().unwrap().status() != 200 {
        assert!(start.elapsed() < Duration::from_secs(10), "the prediction never started");
        thread::sleep(Duration::from_millis(10));
    }
    let (status, body) = waiting.join().unwrap();
    assert_eq!((status, &body["status"]), (200, &json!("canceled")), "{body}");
    hello(&server);
}

#[test]
fn a_setup_that_fails_says_why_and_keeps_the_server_answering() {
    for (how, expected) in [("error", "no weights"), ("panic", "weights of lead"), ("exit", "worker crashed")] {
        let server = Server::start("misbehave", &[("MISBEHAVE_SETUP", how)]);
        let health = server.get("/health-check");
        assert_eq!(health["status"], "SETUP_FAILED", "{health}");
        assert_eq!(health["setup"]["status"], "failed", "{health}");
        assert!(health["setup"]["logs"].as_str().unwrap().contains(expected), "{how}: {health}");
        assert_eq!(server.predict(act("hello")).0, 503);
    }
}

#[test]
fn a_worker_that_dies_answers_its_prediction_and_ends_the_server_with_1() {
    let mut server = Server::start("misbehave", &[]);
    let error = server.failure(act("exit"));
    assert!(!error.is_empty());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the server is still running");
        thread::sleep(Duration::from_millis(10));
    };
    assert_eq!(status.code(), Some(1));
}

#[test]
fn sigterm_ends_an_idle_server_with_0() {
    let mut server = Server::start("misbehave", &[]);
    hello(&server);
    assert!(Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap().success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_file_is_downloaded_and_gone_after_the_prediction() {
    let files = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = files.local_addr().unwrap();
    thread::spawn(move || {
        for stream in files.incoming() {
            let mut stream = stream.unwrap();
            let read = stream.read(&mut [0; 4096]).unwrap();
            assert!(read > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello").unwrap();
        }
    });
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.predict(json!({"act": "file", "file": format!("http://{address}/folder/my%20notes.txt?x=1")}));
    let output = body["output"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
    assert!(output.ends_with("my notes.txt 5"), "{output}");
    hello(&server);
    let path = output.split(" my notes.txt").next().unwrap();
    assert!(!std::path::Path::new(path).exists() || !path.contains('/'), "{path} is still there");
}

#[test]
fn a_client_cannot_name_a_file_of_the_server() {
    let server = Server::start("misbehave", &[]);
    for path in ["/etc/passwd", "file:///etc/passwd", "tests/pictures/phone.jpg", "@/etc/passwd", ""] {
        let error = server.failure(json!({"act": "file", "file": path}));
        assert!(error.contains("file") && error.contains("http"), "{path}: {error}");
    }
    assert_eq!(server.health(), "READY");
}

#[test]
fn a_taken_port_is_said_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run("misbehave", &["serve", "--host", "127.0.0.1", "--port", &port], &std::env::temp_dir());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.starts_with(&format!("error: cannot listen on 127.0.0.1:{port}")) && text.lines().count() == 1, "{text}");
}
