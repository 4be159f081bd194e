//! The end of a server: how long it takes, what it leaves, and that the worker goes with it.

mod support;

use std::{
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use support::{Server, answer, children_of};

fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().unwrap().success());
}

/// Stops a server while a prediction of `time` runs whose client waits: its answer, and how long the stop took.
fn stop(flags: &[&str], variables: &[(&str, &str)], act: &str, time: u32) -> (String, Duration) {
    let mut server = Server::start_with("strain", flags, variables);
    let (client, url) = (server.client.clone(), format!("{}/predictions", server.url));
    let input = json!({"input": {"act": act, "time": time}});
    let asked = thread::spawn(move || client.post(url).json(&input).send().map(|response| answer(response).1["status"].to_string()));
    while server.get("/health-check")["status"] != "BUSY" {
        thread::sleep(Duration::from_millis(2));
    }
    let start = Instant::now();
    signal(server.child.id(), "TERM");
    assert_eq!(server.end(), Some(0));
    (asked.join().unwrap().unwrap(), start.elapsed())
}

#[test]
fn a_stop_waits_for_a_prediction_that_ends_in_time() {
    let (answered, took) = stop(&[], &[], "sleep", 1500);
    assert_eq!(answered, "\"succeeded\"");
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn a_stop_cancels_what_runs_longer_than_the_limit() {
    for (flags, variables) in [(vec!["--shutdown-timeout", "1"], vec![]), (vec![], vec![("COG_KIT_SHUTDOWN_TIMEOUT", "1")])] {
        let (answered, took) = stop(&flags, &variables, "wait", 0);
        assert_eq!(answered, "\"canceled\"");
        assert!((1000..4000).contains(&took.as_millis()), "{took:?}");
    }
}

#[test]
fn a_stop_does_not_wait_for_a_prediction_that_does_not_look() {
    let (answered, took) = stop(&["--shutdown-timeout", "0"], &[], "sleep", 15_000);
    assert_eq!(answered, "\"canceled\"");
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[test]
fn by_default_a_stop_takes_less_than_the_ten_seconds_of_container_runtimes() {
    let (answered, took) = stop(&[], &[], "sleep", 18_000);
    assert_eq!(answered, "\"canceled\"");
    assert!(took < Duration::from_millis(9700), "{took:?}");
}

#[test]
fn a_stop_does_not_wait_for_a_client_that_ends_no_request() {
    use std::io::Write;
    let mut server = Server::start_with("strain", &["--shutdown-timeout", "1"], &[]);
    let mut stream = std::net::TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(b"POST /predictions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{").unwrap();
    thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    signal(server.child.id(), "TERM");
    assert_eq!(server.end(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_stop_at_once_after_an_asynchronous_start_leaves_no_folder() {
    for number in 0..10 {
        let mut server = Server::start_with("strain", &["--shutdown-timeout", "0"], &[]);
        let id = format!("stopped-{}-{number}", server.child.id());
        let request = server.client.put(format!("{}/predictions/{id}", server.url)).header("prefer", "respond-async");
        let act = if number % 2 == 0 { "wait" } else { "hello" };
        assert_eq!(request.json(&json!({"input": {"act": act}})).send().unwrap().status(), 202);
        signal(server.child.id(), "TERM");
        assert_eq!(server.end(), Some(0));
        assert!(!Path::new("/tmp/coglet/predictions").join(&id).exists(), "{id}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_is_stopped_when_its_server_is_killed_ends_too() {
    let temporary = tempfile::tempdir().unwrap();
    let mut server = Server::start("strain", &[("TMPDIR", temporary.path().to_str().unwrap())]);
    let workers = children_of(server.child.id());
    assert_eq!(workers.len(), 1);
    signal(workers[0], "STOP");
    signal(server.child.id(), "KILL");
    assert_eq!(server.end(), None);
    let start = Instant::now();
    while Path::new(&format!("/proc/{}", workers[0])).exists() && !support::is_zombie(workers[0]) {
        assert!(start.elapsed() < Duration::from_secs(10), "the worker was left");
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}
