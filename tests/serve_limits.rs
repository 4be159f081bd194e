//! Texts and values larger than the engine carries: they are cut or refused, what else there is arrives, and the next prediction works.

mod support;

use serde_json::{Value, json};
use support::{Server, store};

/// More than a frame of the engine's holds.
const LARGE: usize = 9 << 20;

/// What texts are made of: plain, longer as JSON, of several bytes.
const LETTERS: [&str; 4] = ["x", "\u{1}", "\"", "é"];

fn servers() -> [Server; 2] {
    ["1", "2"].map(|slots| Server::start("strain", &[("COG_MAX_CONCURRENCY", slots)]))
}

fn large(act: &str, letter: &str) -> Value {
    json!({"act": act, "letter": letter, "count": LARGE})
}

fn assert_well(server: &Server) {
    for _ in 0..3 {
        let (status, body) = server.predict(json!({"act": "hello"}));
        assert_eq!((status, &body["status"], &body["output"]), (200, &json!("succeeded"), &json!(["hello"])));
    }
    assert_eq!(server.health(), "READY");
}

#[test]
fn a_large_error_is_cut_with_a_note_of_its_length() {
    for server in servers() {
        for letter in LETTERS {
            let error = server.failure(large("error", letter));
            assert!(error.starts_with(&letter.repeat(1000)) && error.len() < 2 << 20, "{letter:?}: {} bytes", error.len());
            assert!(error.ends_with(&format!(" of {LARGE} bytes are shown]")), "{letter:?}");
            assert_well(&server);
        }
    }
}

#[test]
fn a_large_panic_is_cut_with_a_note_of_its_length() {
    for server in servers() {
        for letter in LETTERS {
            let error = server.failure(large("panic", letter));
            assert!(error.starts_with("predict panicked at ") && error.contains(letter), "{letter:?}");
            assert!(error.len() < 2 << 20 && error.contains(" bytes are shown]"), "{letter:?}: {} bytes", error.len());
            assert_well(&server);
        }
    }
}

#[test]
fn large_logs_are_cut_and_the_output_arrives() {
    for server in servers() {
        for letter in LETTERS {
            for act in ["log", "trace"] {
                let (status, body) = server.predict(large(act, letter));
                assert_eq!((status, &body["status"], &body["output"]), (200, &json!("succeeded"), &json!(["hello"])), "{act} {letter:?}");
                let logs = body["logs"].as_str().unwrap();
                assert!(!logs.is_empty() && logs.len() < 5 << 20 && logs.contains(" bytes are shown]"), "{act} {letter:?}: {}", logs.len());
            }
            assert_well(&server);
        }
    }
}

#[test]
fn large_printed_text_is_in_the_logs_of_one_slot_whole() {
    let [one, two] = servers();
    let (_, body) = one.predict(large("print", "x"));
    assert_eq!((&body["status"], &body["output"]), (&json!("succeeded"), &json!(["hello"])));
    assert_eq!(body["logs"].as_str().unwrap().trim_end().len(), LARGE);
    assert_well(&one);
    let (_, body) = two.predict(large("print", "x"));
    assert_eq!((&body["status"], &body["output"]), (&json!("succeeded"), &json!(["hello"])));
    assert_well(&two);
}

#[test]
fn a_large_item_of_a_stream_arrives_whole_and_in_its_place() {
    for server in servers() {
        for letter in LETTERS {
            let (_, body) = server.predict(large("token", letter));
            assert_eq!(body["status"], "succeeded", "{letter:?}: {}", body["error"]);
            let output = body["output"].as_array().unwrap();
            let lengths: Vec<usize> = output.iter().map(|item| item.as_str().unwrap().len()).collect();
            assert_eq!(lengths, [1, LARGE / letter.len() * letter.len(), 1], "{letter:?}");
            assert_eq!((&output[0], &output[2]), (&json!("a"), &json!("b")));
        }
        assert_well(&server);
    }
}

#[test]
fn values_nested_more_deeply_than_the_engine_reads_are_refused() {
    for server in servers() {
        for levels in [1, 100, 120] {
            let (_, body) = server.predict(json!({"act": "nested", "count": levels}));
            assert_eq!(body["status"], "succeeded", "{levels}: {body}");
        }
        for levels in [125, 127, 128, 1000] {
            let error = server.failure(json!({"act": "nested", "count": levels}));
            assert_eq!(error, "output: found more than 120 levels of lists and objects", "{levels}");
        }
        assert_well(&server);
    }
}

#[test]
fn a_setup_that_fails_with_a_large_text_says_how_it_begins() {
    for how in ["error", "panic"] {
        let server = Server::start("strain", &[("STRAIN_SETUP", how)]);
        let health = server.get("/health-check");
        assert_eq!(health["status"], "SETUP_FAILED");
        let logs = health["setup"]["logs"].as_str().unwrap();
        assert!(logs.contains("worker setup failed") && logs.contains(" bytes are shown]"), "{how}: {}", logs.len());
    }
}

#[test]
fn a_health_check_that_fails_with_a_large_text_is_answered() {
    let server = Server::start("strain", &[("STRAIN_HEALTH", "error")]);
    for _ in 0..3 {
        let health = server.get("/health-check");
        assert_eq!(health["status"], "UNHEALTHY");
        let error = health["user_healthcheck_error"].as_str().unwrap();
        assert!(error.starts_with("Healthcheck failed: xxx") && error.ends_with(" bytes are shown]"), "{}", error.len());
    }
    assert_eq!(server.predict(json!({"act": "hello"})).1["status"], "succeeded");
}

#[test]
fn uploaded_files_are_listed_in_their_order() {
    // Each upload is answered later than the next.
    let (url, stored) =
        support::slow_store(|path| u64::from(path.ends_with("file0.txt")) * 400 + u64::from(path.ends_with("file3.txt")) * 200);
    let server = Server::start_with("strain", &["--upload-url", &url], &[]);
    let (_, body) = server.predict(json!({"act": "files", "count": 12}));
    let expected: Vec<String> = (0..12).map(|number| format!("http://files.test/bucket/file{number}.txt")).collect();
    assert_eq!(body["output"], json!(expected), "{body}");
    let mut stored: Vec<_> = stored.iter().take(12).collect();
    stored.sort();
    assert_eq!(stored[0], ("/bucket/file0.txt".to_owned(), b"file 0".to_vec()));
}

#[test]
fn a_cancel_does_not_wait_for_an_upload() {
    let (url, _stored) = support::slow_store(|_| 5000);
    let server = Server::start_with("strain", &["--upload-url", &url], &[]);
    let begin = std::time::Instant::now();
    let (status, body) = server.put_and_cancel("upload", json!({"act": "files", "count": 1}));
    assert_eq!((status, &body["status"]), (200, &json!("canceled")), "{body}");
    assert_eq!(server.health(), "READY");
    assert!(begin.elapsed() < std::time::Duration::from_secs(3), "{:?}", begin.elapsed());
}

#[test]
fn an_upload_that_is_refused_fails_its_prediction_and_not_the_next() {
    let (url, _stored) = store("503 Service Unavailable");
    let server = Server::start_with("strain", &["--upload-url", &url], &[]);
    for id in ["plain", "é", "a\nb"] {
        let (_, body) = server.request(&json!({"id": id, "input": {"act": "files", "count": 3}}));
        assert_eq!(body["error"], "Failed to upload output: upload returned status 503 Service Unavailable", "{body}");
        assert_eq!(server.predict(json!({"act": "hello"})).1["status"], "succeeded");
    }
}

#[test]
fn what_a_thread_prints_after_its_prediction_is_not_in_the_logs_of_the_next() {
    let server = Server::start("strain", &[]);
    for time in [0, 1, 100] {
        let (_, body) = server.predict(json!({"act": "late print", "time": 50 + time}));
        assert_eq!(body["status"], "succeeded");
        let (_, body) = server.predict(json!({"act": "sleep", "time": 300}));
        assert_eq!((&body["status"], &body["logs"]), (&json!("succeeded"), &json!("")), "{body}");
        let (_, body) = server.predict(json!({"act": "print", "count": 3}));
        assert_eq!((&body["status"], &body["logs"]), (&json!("succeeded"), &json!("xxx\n")), "{body}");
    }
}
