//! What a prediction may give back: as a schema, as JSON, and over HTTP.
#![cfg(all(feature = "serve", feature = "image"))]

mod support;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Mutex;

use cog_kit::input::Json;
use cog_kit::predictor::Sink;
use cog_kit::schema::{Document, InputSchema};
use cog_kit::{ConcatenateStream, Output, Path, Result, Secret, Stream};
use serde_json::{Map, Value, json};
use support::Server;

#[derive(Output)]
struct Found {
    label: String,
    score: f64,
    crop: Option<Path>,
}

#[derive(Output)]
struct Answer {
    found: Vec<Found>,
    #[output(name = "type")]
    kind: &'static str,
    by_name: BTreeMap<String, i64>,
    next: Option<Box<Answer>>,
}

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Described {
    /// A text, or nothing.
    note: Option<String>,
    sizes: Vec<u32>,
}

/// What reached the client, values and files in order.
#[derive(Default)]
struct Collected(Mutex<Vec<Value>>);

impl Sink for Collected {
    fn log(&self, _: &str) {}

    fn metric(&self, _: &str, _: Value, _: cog_kit::predictor::MetricMode) -> Result<()> {
        Ok(())
    }

    fn value(&self, value: Value) -> Result<()> {
        self.0.lock().unwrap().push(value);
        Ok(())
    }

    fn file(&self, path: Path) -> Result<()> {
        self.0.lock().unwrap().push(json!({"file": path.extension().unwrap().to_str()}));
        Ok(())
    }
}

fn sent(output: impl Output) -> Result<Value> {
    let sink = Collected::default();
    output.send(&sink)?;
    Ok(Value::Array(sink.0.into_inner().unwrap()))
}

fn schema<T: Output>() -> Value {
    let (input, output) = (InputSchema::default(), T::schema());
    let document = Document { input: &input, output: &output, streaming: T::STREAMS, version: "dev" }.to_json();
    document["components"]["schemas"]["Output"].clone()
}

fn file(content: &str) -> Path {
    let path = Path::temporary(".png").unwrap();
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn every_output_has_the_form_that_cog_prints() {
    let string = json!({"type": "string"});
    let uri = json!({"type": "string", "format": "uri"});
    let cases = [
        (schema::<String>(), json!({"type": "string"})),
        (schema::<u8>(), json!({"type": "integer"})),
        (schema::<Vec<Vec<Path>>>(), json!({"type": "array", "items": {"type": "array", "items": uri}})),
        (schema::<HashMap<String, bool>>(), json!({"type": "object", "additionalProperties": {"type": "boolean"}})),
        (schema::<Map<String, Value>>(), json!({"type": "object"})),
        (schema::<Secret>(), json!({"type": "string", "format": "password", "writeOnly": true, "x-cog-secret": true})),
        (schema::<Stream<Path>>(), json!({"type": "array", "items": uri, "x-cog-array-type": "iterator"})),
        (
            schema::<ConcatenateStream>(),
            json!({"type": "array", "items": string, "x-cog-array-type": "iterator", "x-cog-array-display": "concatenate"}),
        ),
        (
            schema::<Json<Described>>(),
            json!({
                "type": "object",
                "required": ["sizes"],
                "properties": {
                    "note": {"title": "Note", "type": "string", "nullable": true},
                    "sizes": {"title": "Sizes", "type": "array", "items": {"type": "integer"}},
                },
            }),
        ),
        (
            schema::<Answer>(),
            json!({
                "type": "object",
                "required": ["found", "type", "by_name"],
                "properties": {
                    "found": {"title": "Found", "type": "array", "items": {
                        "type": "object",
                        "required": ["label", "score"],
                        "properties": {
                            "label": {"title": "Label", "type": "string"},
                            "score": {"title": "Score", "type": "number"},
                            "crop": {"title": "Crop", "type": "string", "format": "uri", "nullable": true},
                        },
                    }},
                    "type": {"title": "Type", "type": "string"},
                    "by_name": {"title": "By Name", "type": "object", "additionalProperties": {"type": "integer"}},
                    "next": {"title": "Next", "type": "object", "nullable": true},
                },
            }),
        ),
    ];
    for (found, mut expected) in cases {
        expected["title"] = "Output".into();
        assert_eq!(found, expected);
    }
}

#[test]
fn lists_and_streams_are_sent_item_by_item_and_objects_at_once() {
    assert_eq!(sent(vec![1, 2]).unwrap(), json!([1, 2]));
    assert_eq!(sent(vec![file("a"), file("b")]).unwrap(), json!([{"file": "png"}, {"file": "png"}]));
    assert_eq!(sent(Stream::new([true, false])).unwrap(), json!([true, false]));
    assert_eq!(sent(vec![vec![file("a")]]).unwrap(), json!([["data:image/png;base64,YQ=="]]));
    assert_eq!(sent(Json(Described { note: None, sizes: vec![3] })).unwrap(), json!([{"note": null, "sizes": [3]}]));
    let found = Found { label: "cat".into(), score: 0.5, crop: Some(file("c")) };
    let answer = Answer { found: vec![found], kind: "list", by_name: BTreeMap::from([("b".into(), 2)]), next: None };
    let expected = json!([{
        "found": [{"label": "cat", "score": 0.5, "crop": "data:image/png;base64,Yw=="}],
        "type": "list",
        "by_name": {"b": 2},
        "next": null,
    }]);
    assert_eq!(sent(answer).unwrap(), expected);
}

#[test]
fn an_error_ends_a_stream_and_a_lost_file_an_object() {
    let sink = Collected::default();
    let items = [Ok(1), Err(cog_kit::Error::msg("enough")), Ok(3)];
    assert_eq!(Stream::fallible(items).send(&sink).unwrap_err().to_string(), "enough");
    assert_eq!(sink.0.into_inner().unwrap(), [json!(1)]);
    let lost = Found { label: String::new(), score: 0.0, crop: Some(PathBuf::from("/nowhere/a.png").into()) };
    assert_eq!(sent(lost).unwrap_err().to_string(), "output file `/nowhere/a.png` could not be read");
}

#[test]
fn pieces_arrive_as_a_list_and_the_random_seed_is_in_the_logs() {
    let server = Server::start("chatty", &[]);
    let (_, body) = server.predict(json!({"text": "a b", "seed": 0}));
    assert_eq!((&body["output"], &body["logs"]), (&json!(["a ", "b", "|0|4"]), &json!("")), "{body}");
    let (_, body) = server.predict(json!({"text": "a"}));
    let seed = body["output"][1].as_str().unwrap().trim_matches('|').split('|').next().unwrap().to_owned();
    assert_eq!(body["logs"], format!("seed: {seed} (random)\n"), "{body}");
    assert!(server.failure(json!({"fail": true})).ends_with("out of words"));
}

#[test]
fn server_sent_events_carry_the_pieces() {
    let server = Server::start("chatty", &[]);
    let request = server.client.post(format!("{}/predictions", server.url)).header("accept", "text/event-stream");
    let text = request.json(&json!({"input": {"text": "a b", "seed": 7}})).send().unwrap().text().unwrap();
    let chunks: Vec<Value> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .filter_map(|data| serde_json::from_str::<Value>(data).ok())
        .filter_map(|data| data.get("chunk").cloned())
        .collect();
    assert_eq!(chunks, [json!("a "), json!("b"), json!("|7|4")], "{text}");
}
