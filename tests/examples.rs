//! The examples, as a user meets them; what the one that prepares pictures makes of them is in `prepare.rs`.

mod support;

use std::{path::Path, thread, time::Instant};

use serde_json::json;
use support::{Server, run};

fn said(example: &str, arguments: &[&str]) -> String {
    let output = run(example, arguments, Path::new("."));
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn every_example_follows_the_publishing_guide_hints_included() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap().map(|entry| entry.unwrap().path());
    let examples: Vec<_> = files.filter(|file| file.extension().is_some_and(|ending| ending == "rs")).collect();
    assert!(examples.len() >= 5, "{examples:?}");
    for example in examples {
        let output = run(example.file_stem().unwrap().to_str().unwrap(), &["check", "--level", "hint"], Path::new("."));
        assert!(output.status.success(), "{}: {}", example.display(), String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn hello_greets_on_the_command_line_and_over_http() {
    assert_eq!(said("02_hello", &["predict"]), "hello world");
    assert_eq!(said("02_hello", &["predict", "-i", "name=Ada"]), "hello Ada");
    let server = Server::start("02_hello", &[]);
    assert_eq!(server.predict(json!({"name": "Ada"})).1["output"], "hello Ada");
}

#[test]
fn streaming_sends_words_one_by_one_and_repeats_itself_for_a_seed() {
    let server = Server::start("03_streaming", &[]);
    let words = || server.predict(json!({"words": 5, "seed": 7})).1["output"].clone();
    let first = words();
    assert_eq!(first.as_array().unwrap().len(), 5);
    assert_eq!(first[0], "the ");
    assert_eq!(words(), first);
    assert_eq!(server.get("/openapi.json")["components"]["schemas"]["Output"]["x-cog-array-display"], "concatenate");
}

#[test]
fn concurrent_predictions_run_at_the_same_time() {
    let server = Server::start("04_concurrent", &[("COG_MAX_CONCURRENCY", "8")]);
    let start = Instant::now();
    let running: Vec<u64> = thread::scope(|scope| {
        let waiting: Vec<_> = (0..8).map(|_| scope.spawn(|| server.predict(json!({"milliseconds": 500})))).collect();
        let answers = waiting.into_iter().map(|answer| answer.join().unwrap());
        answers.map(|(_, body)| body["metrics"]["running"].as_u64().unwrap_or_else(|| panic!("{body}"))).collect()
    });
    assert_eq!(running.iter().max(), Some(&8), "{running:?}");
    assert!(start.elapsed().as_millis() < 8 * 500, "{:?}", start.elapsed());
    let (_, body) = server.put_and_cancel("long", json!({"milliseconds": 60_000}));
    assert_eq!(body["status"], "canceled");
}

#[test]
fn groups_stand_in_order_with_the_models_own_ranges() {
    let help = said("05_groups", &["predict", "--help"]);
    for expected in ["num_inference_steps: integer from 1 to 12, default 4", "seed: integer", "output_format: one of", "default png"] {
        assert!(help.contains(expected), "`{expected}` is not in\n{help}");
    }
    let server = Server::start("05_groups", &[]);
    let (_, body) = server.predict(json!({"prompt": "a lake", "seed": 0}));
    assert_eq!((&body["output"]["prompt"], &body["output"]["seed"]), (&json!("a lake"), &json!(0)), "{body}");
    assert_eq!(server.predict(json!({"prompt": "a lake", "num_outputs": 9})).0, 422);
}
