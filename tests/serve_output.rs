//! Outputs on their way to the client: streams, objects, files, uploads, server-sent events.

mod support;

use std::io::{BufRead, BufReader};

use serde_json::{Value, json};
use support::{Server, from_data_uri, store};

fn deliver(what: &str) -> Value {
    json!({"what": what})
}

fn output(server: &Server, input: Value) -> Value {
    let (status, body) = server.predict(input);
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
    body["output"].clone()
}

#[test]
fn items_arrive_as_a_list_also_when_there_is_one_or_none() {
    let server = Server::start("deliver", &[]);
    for count in [0, 1, 3] {
        let expected: Vec<u32> = (0..count).collect();
        assert_eq!(output(&server, json!({"what": "values", "count": count})), json!(expected));
    }
    assert_eq!(output(&server, deliver("nothing")), json!([]));
}

#[test]
fn files_arrive_as_data_uris_alone_and_inside_of_objects() {
    let server = Server::start("deliver", &[]);
    let files = output(&server, deliver("files"));
    assert_eq!(from_data_uri(files[2].as_str().unwrap()), ("text/plain".to_owned(), b"item 2".to_vec()));
    let one = output(&server, json!({"what": "files", "count": 1}));
    assert_eq!(one.as_array().unwrap().len(), 1, "{one}");
    let objects = output(&server, deliver("objects"));
    assert_eq!(objects[1]["index"], 1);
    assert_eq!(from_data_uri(objects[1]["file"].as_str().unwrap()), ("text/plain".to_owned(), b"item 1".to_vec()));
}

#[test]
fn a_stream_that_breaks_fails_the_prediction() {
    let server = Server::start("deliver", &[]);
    assert_eq!(server.failure(deliver("fail")), "midway");
    assert_eq!(server.failure(deliver("fail at once")), "at once");
    assert!(server.failure(deliver("panic")).contains("index out of bounds"));
    assert_eq!(server.failure(deliver("missing")), "output file `/nowhere/at/all` does not exist");
    assert_eq!(output(&server, deliver("values")), json!([0, 1, 2]));
}

#[test]
fn a_cancel_ends_an_endless_stream() {
    let server = Server::start("deliver", &[]);
    let (status, body) = server.put_and_cancel("endless", deliver("endless"));
    assert_eq!((status, &body["status"]), (200, &json!("canceled")), "{body}");
    assert_eq!(output(&server, deliver("values")), json!([0, 1, 2]));
}

/// The events of a prediction, in order.
fn events(server: &Server, input: Value) -> Vec<(String, Value)> {
    let request = server.client.post(format!("{}/predictions", server.url)).header("accept", "text/event-stream");
    let response = request.json(&json!({"input": input})).send().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut events = Vec::new();
    let mut name = String::new();
    for line in BufReader::new(response).lines() {
        let line = line.unwrap();
        if let Some(event) = line.strip_prefix("event: ") {
            name = event.to_owned();
        } else if let Some(data) = line.strip_prefix("data: ") {
            events.push((name.clone(), serde_json::from_str(data).unwrap()));
        }
    }
    events
}

#[test]
fn a_streaming_predictor_sends_events_as_items_are_made() {
    let server = Server::start("deliver", &[]);
    let schema = server.get("/openapi.json");
    assert_eq!(schema["paths"]["/predictions"]["post"]["x-cog-streaming"], true);
    assert_eq!(schema["components"]["schemas"]["Output"]["x-cog-array-type"], "iterator");
    let events = events(&server, deliver("values"));
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["start", "output", "output", "output", "completed"]);
    assert_eq!(events[2].1, json!({"chunk": 1, "index": 1}));
    assert_eq!(events[4].1["output"], json!([0, 1, 2]));
}

#[test]
fn logs_and_metrics_are_events_too() {
    let server = Server::start("deliver", &[]);
    let events = events(&server, json!({"what": "remarks", "count": 1}));
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["start", "log", "metric", "output", "completed"]);
    assert_eq!(events[1].1["data"], "one moment\n");
    assert_eq!(events[2].1, json!({"name": "items", "value": 1, "mode": "replace"}));
    assert_eq!((&events[4].1["metrics"]["items"], &events[4].1["logs"]), (&json!(1), &json!("one moment\n")));
}

#[test]
fn a_predictor_that_does_not_stream_says_so() {
    let server = Server::start("misbehave", &[]);
    let request = server.client.post(format!("{}/predictions", server.url)).header("accept", "text/event-stream");
    let (status, body) = support::answer(request.json(&json!({"input": {"act": "hello"}})).send().unwrap());
    assert_eq!(status, 406);
    assert!(body["error"].as_str().unwrap().starts_with("This model does not support streaming responses."), "{body}");
}

#[test]
fn files_are_uploaded_where_the_server_is_told_to() {
    let (url, stored) = store("200 OK");
    let server = Server::start_with("deliver", &["--upload-url", &url], &[]);
    assert_eq!(
        output(&server, deliver("files")),
        json!((0..3).map(|index| format!("http://files.test/bucket/item{index}.txt")).collect::<Vec<_>>())
    );
    let mut stored: Vec<_> = stored.iter().take(3).collect();
    stored.sort();
    assert_eq!(stored[2], ("/bucket/item2.txt".to_owned(), b"item 2".to_vec()));
    assert_eq!(self::output(&server, json!({"what": "files", "count": 1})), json!(["http://files.test/bucket/item0.txt"]));
}

#[test]
fn a_store_that_refuses_fails_the_prediction() {
    let (url, _stored) = store("503 Service Unavailable");
    let server = Server::start_with("deliver", &["--upload-url", &url], &[]);
    let error = server.failure(deliver("files"));
    assert!(error.starts_with("Failed to upload output: upload returned status 503") && !error.contains(&url), "{error}");
    assert_eq!(output(&server, deliver("values")), json!([0, 1, 2]));
}
