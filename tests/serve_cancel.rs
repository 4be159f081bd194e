//! Cancels: each is sent once, and none is lost, however early it comes and however the client goes.

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, answer};

/// Of each kind.
const TIMES: usize = 100;

fn start(slots: &str) -> Server {
    Server::start("strain", &[("COG_MAX_CONCURRENCY", slots)])
}

/// A request as bytes.
fn http(verb: &str, path: &str, headers: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!("{verb} {path} HTTP/1.1\r\nhost: x\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .into()
}

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap()
}

fn wait_input() -> Value {
    json!({"input": {"act": "wait"}})
}

/// The slot is free again soon.
fn assert_free(server: &Server, what: &str) {
    let start = Instant::now();
    while server.get("/health-check")["status"] != "READY" {
        assert!(start.elapsed() < Duration::from_secs(5), "{what}: the cancel was lost");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_cancel_at_once_after_the_start_reaches_its_prediction() {
    let server = start("1");
    for number in 0..TIMES {
        let url = format!("{}/predictions/at-once-{number}", server.url);
        let started = server.client.put(&url).header("prefer", "respond-async").json(&wait_input()).send().unwrap();
        assert_eq!(started.status(), 202);
        assert_eq!(server.client.post(format!("{url}/cancel")).send().unwrap().status(), 200);
        assert_free(&server, &format!("at once, {number}"));
    }
}

#[test]
fn a_cancel_in_the_same_packet_reaches_its_prediction() {
    let server = start("1");
    for number in 0..TIMES {
        let path = format!("/predictions/pipelined-{number}");
        let mut stream = connect(&server);
        let mut bytes = http("PUT", &path, "prefer: respond-async\r\n", &wait_input());
        bytes.extend(http("POST", &format!("{path}/cancel"), "connection: close\r\n", &json!({})));
        stream.write_all(&bytes).unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        assert!(answers.contains(" 202 ") && answers.contains(" 200 "), "{answers}");
        assert_free(&server, &format!("pipelined, {number}"));
    }
}

#[test]
fn a_client_that_goes_away_cancels_its_prediction() {
    let server = start("1");
    for number in 0..TIMES {
        let mut stream = connect(&server);
        // Some go before the prediction runs, some while it does.
        stream.write_all(&http("PUT", &format!("/predictions/vanish-{number}"), "", &wait_input())).unwrap();
        thread::sleep(Duration::from_micros(u64::try_from(number).unwrap() * 100));
        drop(stream);
        assert_free(&server, &format!("vanished, {number}"));
    }
}

#[test]
fn a_client_of_a_stream_that_goes_away_cancels_its_prediction() {
    let server = start("1");
    for number in 0..TIMES / 4 {
        let mut stream = connect(&server);
        stream.write_all(&http("POST", "/predictions", "accept: text/event-stream\r\n", &wait_input())).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        drop(stream);
        assert_free(&server, &format!("stream, {number}"));
    }
}

#[test]
fn a_canceled_prediction_says_so() {
    let server = start("1");
    for number in 0..20 {
        let (status, body) = server.put_and_cancel(&format!("says-{number}"), json!({"act": "wait"}));
        assert_eq!((status, &body["status"]), (200, &json!("canceled")), "{body}");
    }
}

#[test]
fn a_cancel_never_meets_the_next_prediction_in_the_slot() {
    let server = start("2");
    thread::scope(|scope| {
        for slot in 0..2 {
            let server = &server;
            scope.spawn(move || {
                for number in 0..TIMES {
                    let url = format!("{}/predictions/next-{slot}-{number}", server.url);
                    let started =
                        server.client.put(&url).header("prefer", "respond-async").json(&json!({"input": {"act": "hello"}})).send().unwrap();
                    // Comes when the prediction has just ended, or is about to.
                    let _ = server.client.post(format!("{url}/cancel")).send().unwrap();
                    assert!(matches!(started.status().as_u16(), 202 | 409));
                    let (status, body) = server.predict(json!({"act": "sleep", "time": 2}));
                    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
                }
            });
        }
    });
}

#[test]
fn the_same_id_in_two_slots_is_canceled_in_both() {
    let server = start("2");
    for number in 0..20 {
        let body = json!({"id": format!("twice-{number}"), "input": {"act": "wait"}});
        let start = || {
            let request = server.client.post(format!("{}/predictions", server.url)).header("prefer", "respond-async");
            request.json(&body).send().unwrap().status()
        };
        // Of the predictions before, one may not have ended yet.
        let begin = Instant::now();
        for _ in 0..2 {
            while start() != 202 {
                assert!(begin.elapsed() < Duration::from_secs(5), "a slot is held");
            }
        }
        assert_eq!(server.get("/health-check")["status"], "BUSY");
        assert_eq!(server.client.post(format!("{}/predictions/twice-{number}/cancel", server.url)).send().unwrap().status(), 200);
        assert_free(&server, "first");
        let (status, body) = server.predict(json!({"act": "hello"}));
        assert_eq!((status, &body["status"]), (200, &json!("succeeded")));
        // Both slots are free, not one of the two.
        let waiting = ["a", "b"].map(|id| {
            let url = format!("{}/predictions/after-{number}-{id}", server.url);
            let begin = Instant::now();
            loop {
                let started = server.client.put(&url).header("prefer", "respond-async").json(&wait_input()).send().unwrap();
                if started.status() == 202 {
                    break url;
                }
                assert!(begin.elapsed() < Duration::from_secs(5), "a slot is held");
                thread::sleep(Duration::from_millis(2));
            }
        });
        for url in waiting {
            server.client.post(format!("{url}/cancel")).send().unwrap();
        }
        assert_free(&server, "after");
    }
}

#[test]
fn a_prediction_that_does_not_look_is_answered_all_the_same() {
    let server = start("1");
    let url = format!("{}/predictions/spin", server.url);
    let spin = json!({"input": {"act": "spin", "time": 3000}});
    let begin = Instant::now();
    let (status, body) = thread::scope(|scope| {
        let asked = scope.spawn(|| answer(server.client.put(&url).json(&spin).send().unwrap()));
        thread::sleep(Duration::from_millis(300));
        assert_eq!(server.client.post(format!("{url}/cancel")).send().unwrap().status(), 200);
        asked.join().unwrap()
    });
    assert_eq!((status, &body["status"]), (200, &json!("canceled")), "{body}");
    assert!(begin.elapsed() < Duration::from_millis(2000), "{:?}", begin.elapsed());
    // Its slot is taken for as long as it runs.
    assert_eq!(server.get("/health-check")["status"], "BUSY");
    assert_eq!(server.health(), "READY");
    assert!(begin.elapsed() >= Duration::from_millis(3000), "{:?}", begin.elapsed());
    assert_eq!(server.predict(json!({"act": "hello"})).1["output"], json!(["hello"]));
}
