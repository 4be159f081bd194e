//! What Cog's own tests ask of a server, where the other tests of ours do not; `tests/reference/README.md` has the whole list.

mod support;

use std::{
    io::{BufRead, BufReader},
    sync::mpsc::Receiver,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, answer, store};

fn act(what: &str) -> Value {
    json!({"act": what})
}

fn put(server: &Server, id: &str, body: &Value) -> (u16, Value) {
    answer(server.client.put(format!("{}/predictions/{id}", server.url)).json(body).send().unwrap())
}

/// Starts a prediction and returns when it runs.
fn start(server: &Server, id: &str, body: &Value) {
    let request = server.client.put(format!("{}/predictions/{id}", server.url)).header("prefer", "respond-async");
    assert_eq!(request.json(body).send().unwrap().status(), 202);
}

fn cancel(server: &Server, id: &str) -> u16 {
    server.client.post(format!("{}/predictions/{id}/cancel", server.url)).send().unwrap().status().as_u16()
}

#[test]
fn bad_requests_are_refused_in_cogs_form() {
    let server = Server::start("misbehave", &[]);
    let (status, body) = server.predict(json!({}));
    let detail = json!([{"loc": ["body", "input", "act"], "msg": "Field required", "type": "value_error.missing"}]);
    assert_eq!((status, &body["detail"]), (422, &detail));
    assert_eq!(server.predict(json!({"act": "hello", "file": null})).0, 422, "an explicit null is no file");
    assert_eq!(put(&server, "one", &json!({"id": "two", "input": act("hello")})).0, 422);
    assert_eq!(server.predict(json!({"act": "hello", "unknown": 1})).1["status"], "succeeded");
}

#[test]
fn a_server_at_capacity_says_so_answers_health_checks_and_takes_every_cancel() {
    let server = Server::start("misbehave", &[]);
    start(&server, "long", &json!({"input": act("ignore")}));
    let asked = Instant::now();
    assert_eq!(server.get("/health-check")["status"], "BUSY");
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    let other = server.client.post(format!("{}/predictions", server.url)).json(&json!({"input": act("hello")}));
    assert_eq!(other.send().unwrap().status(), 409);
    assert_eq!([cancel(&server, "long"), cancel(&server, "long"), cancel(&server, "nobody")], [200, 200, 404]);
    assert_eq!(server.get("/health-check")["status"], "BUSY", "it does not look at its cancel");
}

#[test]
fn the_root_lists_what_can_be_asked() {
    let root = Server::start("misbehave", &[]).get("/");
    for (name, path) in [
        ("openapi_url", "/openapi.json"),
        ("healthcheck_url", "/health-check"),
        ("predictions_url", "/predictions"),
        ("predictions_cancel_url", "/predictions/{prediction_id}/cancel"),
        ("shutdown_url", "/shutdown"),
    ] {
        assert_eq!(root[name], path, "{root}");
    }
    assert!(root.get("trainings_url").is_none(), "{root}");
}

#[test]
fn the_setups_logs_tell_its_steps() {
    // The engine tells that the worker is ready past the lines that still wait; a setup as long as a model's lets them arrive.
    let server = Server::start("misbehave", &[("COG_LOG_LEVEL", "info"), ("MISBEHAVE_SETUP", "slow")]);
    let health = server.get("/health-check");
    let logs = health["setup"]["logs"].as_str().unwrap();
    for step in
        ["Spawning worker subprocess", "File descriptor redirection complete", "Connected to slot transport", "setting up", "Server ready"]
    {
        assert!(logs.contains(step), "`{step}` is not in {logs}");
    }
    assert!(!logs.contains("now accepting requests"), "{logs}");
}

#[test]
fn a_failed_prediction_tells_its_time() {
    let server = Server::start("misbehave", &[]);
    let (status, body) = server.predict(act("error"));
    assert_eq!((status, &body["status"], &body["error"]), (200, &json!("failed"), &json!("as you wish")));
    assert!(body["metrics"]["predict_time"].is_f64(), "{body}");
}

#[test]
fn state_lives_from_one_prediction_to_the_next() {
    let server = Server::start("misbehave", &[]);
    for expected in ["0", "1", "2"] {
        assert_eq!(server.predict(act("count")).1["output"], expected);
    }
}

#[test]
fn large_inputs_and_outputs_arrive_whole() {
    let server = Server::start("misbehave", &[]);
    let (_, body) = server.predict(json!({"act": "file", "file": format!("data:text/plain,{}", "x".repeat(7 << 20))}));
    assert!(body["output"].as_str().is_some_and(|output| output.ends_with(&format!(" {}", 7 << 20))), "{}", body["error"]);
    let (_, body) = server.predict(act("large"));
    assert_eq!(body["output"].as_str().map(str::len), Some(9 << 20), "{}", body["error"]);
}

/// The webhook that says how a prediction ended.
fn told(hooks: &Receiver<(String, Vec<u8>)>) -> Value {
    let (path, content) = hooks.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(path, "/bucket/hook");
    serde_json::from_slice(&content).unwrap()
}

#[test]
fn webhooks_tell_metrics_errors_and_cancels() {
    let (url, hooks) = store("200 OK");
    let server = Server::start("misbehave", &[]);
    let with_hook = |input: Value| json!({"input": input, "webhook": format!("{url}/hook"), "webhook_events_filter": ["completed"]});
    server.request(&with_hook(act("metrics")));
    let hook = told(&hooks);
    assert_eq!((&hook["status"], &hook["metrics"]["tokens"]), (&json!("succeeded"), &json!(3)), "{hook}");
    server.request(&with_hook(act("error")));
    let hook = told(&hooks);
    assert_eq!((&hook["status"], &hook["error"]), (&json!("failed"), &json!("as you wish")), "{hook}");
    assert_eq!(hook["logs"], "told to error\n", "the answer itself has none: the engine leaves them out");
    server.wait_while("BUSY");
    start(&server, "hooked", &with_hook(act("wait")));
    let waiting = thread::spawn(move || told(&hooks));
    // A cancel that overtakes its prediction on the way to the worker is lost in the engine, so it is said again.
    while !waiting.is_finished() {
        cancel(&server, "hooked");
        thread::sleep(Duration::from_millis(20));
    }
    let hook = waiting.join().unwrap();
    assert_eq!((&hook["id"], &hook["status"]), (&json!("hooked"), &json!("canceled")), "{hook}");
}

#[test]
fn a_webhook_that_nobody_takes_harms_no_prediction() {
    let server = Server::start("misbehave", &[]);
    let (status, body) = server.request(&json!({"input": act("hello"), "webhook": "http://127.0.0.1:1/hook"}));
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
    assert_eq!(server.health(), "READY");
    assert_eq!(server.predict(act("hello")).1["status"], "succeeded");
}

/// The first event of a stream that joins a running prediction.
fn joined(server: &Server, id: &str, body: &Value) -> (String, Value) {
    let request = server.client.put(format!("{}/predictions/{id}", server.url)).header("accept", "text/event-stream");
    let mut lines = BufReader::new(request.json(body).send().unwrap()).lines().map_while(Result::ok);
    let event = lines.find_map(|line| line.strip_prefix("event: ").map(str::to_owned)).unwrap();
    let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    (event, serde_json::from_str(&data).unwrap())
}

#[test]
fn who_joins_a_stream_gets_its_history_as_far_as_it_is_kept() {
    for (capacity, expected) in [(None, "start"), (Some("2"), "error"), (Some("0"), "output")] {
        let variables: Vec<_> = capacity.map(|capacity| ("COG_STREAM_HISTORY_CAPACITY", capacity)).into_iter().collect();
        let server = Server::start("deliver", &variables);
        let body = json!({"input": {"what": "endless"}});
        start(&server, "endless", &body);
        // An item every 5 ms: many more than two by then.
        thread::sleep(Duration::from_millis(500));
        let (event, data) = joined(&server, "endless", &body);
        assert_eq!(event, expected, "{capacity:?}: {data}");
        match expected {
            "error" => assert!(data["skipped"].as_u64().is_some_and(|skipped| skipped > 0), "{data}"),
            "output" => assert!(data["index"].as_u64().is_some_and(|index| index > 0), "{data}"),
            _ => assert_eq!(data["id"], "endless", "{data}"),
        }
    }
}
