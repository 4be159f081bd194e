//! Predictors behind Cog's engine: what surrounds a prediction, and what it leaves behind.

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
use support::{Server, run};

fn act(what: &str) -> Value {
    json!({"act": what})
}

fn hello(server: &Server) -> PathBuf {
    let (status, body) = server.predict(act("hello"));
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
    body["output"].as_str().unwrap().strip_prefix("hello from ").unwrap().into()
}

/// Waits until a folder has been removed, which happens beside the predictions.
fn gone(folder: &std::path::Path) {
    let start = Instant::now();
    while folder.exists() {
        assert!(start.elapsed() < Duration::from_secs(10), "{} is still there", folder.display());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Answers every request with `hello`; its address.
fn files() -> String {
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
    address.to_string()
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
    gone(&first);
}

#[test]
fn a_cancel_ends_the_prediction_and_frees_the_slot() {
    let server = Server::start("misbehave", &[]);
    let (status, body) = server.put_and_cancel("long", act("wait"));
    assert_eq!((status, &body["status"]), (200, &json!("canceled")), "{body}");
    hello(&server);
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
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.predict(json!({"act": "file", "file": format!("http://{}/folder/my%20notes.txt?x=1", files())}));
    let output = body["output"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
    assert!(output.ends_with("my notes.txt 5"), "{output}");
    hello(&server);
    let path = output.split(" my notes.txt").next().unwrap();
    assert!(!std::path::Path::new(path).exists() || !path.contains('/'), "{path} is still there");
}

#[test]
fn inner_addresses_are_refused_by_the_flag_or_the_variable() {
    let url = format!("http://{}/a.txt", files());
    let variable = "COG_KIT_PUBLIC_URLS_ONLY";
    let refused =
        format!("file: {url} was not downloaded: found the loopback address 127.0.0.1 for the host `127.0.0.1`, expected a public address");
    for (flags, variables) in [(&["--public-urls-only"] as &[&str], &[] as &[(&str, &str)]), (&[], &[(variable, "1")])] {
        let server = Server::start_with("misbehave", flags, variables);
        assert_eq!(server.failure(json!({"act": "file", "file": url})), refused, "{flags:?} {variables:?}");
        hello(&server);
    }
    let server = Server::start_with("misbehave", &["--public-urls-only", "false"], &[(variable, "1")]);
    let (_, body) = server.predict(json!({"act": "file", "file": url}));
    assert_eq!(body["status"], "succeeded", "the flag comes before the variable: {body}");
}

#[test]
fn a_proxy_is_not_asked_for_public_files_alone() {
    let proxy = format!("http://{}", files());
    let variables = [("http_proxy", proxy.as_str()), ("no_proxy", "")];
    let file = json!({"act": "file", "file": "http://files.invalid/a.txt"});
    let server = Server::start_with("misbehave", &[], &variables);
    let (_, body) = server.predict(file.clone());
    assert_eq!(body["status"], "succeeded", "the proxy knows every name: {body}");
    let server = Server::start_with("misbehave", &["--public-urls-only"], &variables);
    let error = server.failure(file);
    assert!(error.starts_with("file: http://files.invalid/a.txt could not be downloaded: "), "{error}");
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

#[test]
fn what_a_prediction_says_by_any_way_arrives_in_its_logs() {
    let server = Server::start("misbehave", &[]);
    for _ in 0..20 {
        let (_, body) = server.predict(act("say"));
        let logs = body["logs"].as_str().unwrap();
        let mut rest = logs;
        for expected in ["told to say\n", "printed ü\n", "traced steps=3", "no line end", "WARN", "logged"] {
            rest = rest.split_once(expected).unwrap_or_else(|| panic!("`{expected}` is not in {logs}, or not in its place")).1;
        }
        assert!(!logs.contains("not shown") && !logs.contains('\0'), "{logs}");
    }
    let health = server.get("/health-check").to_string();
    assert!(!health.contains("printed"), "{health}");
}

#[test]
fn records_of_several_slots_are_not_mixed_up() {
    let server = Server::start("misbehave", &[("COG_MAX_CONCURRENCY", "2")]);
    let logs = |what: &str| server.predict(act(what)).1["logs"].as_str().unwrap().to_owned();
    thread::scope(|scope| {
        let saying = scope.spawn(|| logs("say"));
        assert_eq!(logs("hello"), "told to hello\n");
        assert!(saying.join().unwrap().contains("traced steps=3"));
    });
}

#[test]
fn metrics_are_replaced_added_appended_nested_and_deleted() {
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.predict(act("metrics"));
    let mut metrics = body["metrics"].clone();
    assert!(metrics["predict_time"].is_f64());
    metrics.as_object_mut().unwrap().remove("predict_time");
    assert_eq!(metrics, json!({"tokens": 3, "temperature": 0.7, "scores": [1, 2], "timing": {"encode": 0.25}}));
    assert!(body["output"].as_str().unwrap().contains("predict_time"), "{body}");
    let error = server.failure(act("bad metric"));
    assert_eq!(error, "metric `tokens`: found text, expected an integer as before; delete it first");
}

#[test]
fn the_context_of_a_request_reaches_the_predictor() {
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.request(&json!({"input": act("context"), "context": {"b": "2", "a": "1"}}));
    assert_eq!(body["output"], "a=1 b=2", "{body}");
    assert_eq!(server.predict(act("context")).1["output"], "");
}

#[test]
fn a_seed_is_the_one_asked_for_or_a_random_one_that_is_told() {
    let server = Server::start("misbehave", &[]);
    let seeds = || {
        let (_, body) = server.predict(act("seed"));
        let (asked, random) = body["output"].as_str().unwrap().split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert!(body["logs"].as_str().unwrap().contains(&format!("Using seed: {random}\n")), "{body}");
        (asked, random)
    };
    let (first, second) = (seeds(), seeds());
    assert_eq!((first.0.as_str(), second.0.as_str()), ("7", "7"));
    assert_ne!(first.1, second.1);
}

#[test]
fn a_predictor_that_reads_stdin_finds_nothing() {
    let server = Server::start("misbehave", &[]);
    assert_eq!(server.predict(act("stdin")).1["output"], "0 bytes");
    assert_eq!(server.health(), "READY");
}

#[test]
fn the_engines_folder_of_a_prediction_is_removed() {
    let mut server = Server::start("misbehave", &[]);
    let id = format!("folder-{}", std::process::id());
    let folder = PathBuf::from("/tmp/coglet/predictions").join(&id);
    let put = |input: Value| {
        let _ = server.health();
        let request = server.client.put(format!("{}/predictions/{id}", server.url)).json(&json!({"input": input}));
        support::answer(request.send().unwrap()).1["status"].clone()
    };
    assert_eq!(put(act("hello")), "succeeded");
    gone(&folder);
    hello(&server);
    assert_eq!(put(act("large")), "succeeded");
    hello(&server);
    gone(&folder);
    assert_eq!(put(act("large")), "succeeded");
    assert!(Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap().success());
    assert_eq!(server.end(), Some(0));
    assert!(!folder.exists(), "nothing outlives the server");
}

#[test]
fn a_healthcheck_tells_what_is_wrong_and_predictions_go_on() {
    for (how, expected) in [
        ("false", "Healthcheck failed: user-defined healthcheck returned False"),
        ("error", "the database is away"),
        ("panic", "unwell"),
        ("sleep", "timed out after 5.0 seconds"),
    ] {
        let server = Server::start("misbehave", &[("MISBEHAVE_HEALTH", how)]);
        for _ in 0..2 {
            let health = server.get("/health-check");
            assert_eq!(health["status"], "UNHEALTHY", "{how}: {health}");
            assert!(health["user_healthcheck_error"].as_str().unwrap().contains(expected), "{how}: {health}");
        }
        hello(&server);
    }
}

#[test]
fn an_empty_output_is_null() {
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.predict(act("none"));
    assert_eq!((&body["status"], &body["output"]), (&json!("succeeded"), &Value::Null), "{body}");
}
