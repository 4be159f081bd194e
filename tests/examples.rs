//! The examples, as a user meets them; what the one that prepares pictures makes of them is in `prepare.rs`.

mod support;

use std::{path::Path, thread, time::Instant};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use support::{Server, answer, run};

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

#[test]
fn a_model_is_trained_and_predicts_with_what_it_learned() {
    let texts = "data:text/tab-separated-values;base64,";
    let lines = "Dutch\tde boot is op de zee en de wind is hard\nFinnish\tvene on merellä ja tuuli on kova\n";
    let server = Server::start_with("06_train", &["--x-mode", "train"], &[]);
    let train = |input: serde_json::Value| {
        answer(server.client.post(format!("{}/trainings", server.url)).json(&json!({"input": input})).send().unwrap())
    };

    assert_eq!(train(json!({"texts": texts, "run_length": 9})).0, 422);
    let (status, body) = train(json!({"texts": "data:,no%20tab"}));
    assert_eq!((status, &body["status"]), (200, &json!("failed")), "{body}");
    assert_eq!(body["error"], "line 1: found no tab, expected a label, a tab and a text");
    server.wait_while("BUSY");
    let (status, body) = train(json!({"texts": format!("{texts}{}", BASE64_STANDARD.encode(lines))}));
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
    assert_eq!((&body["output"]["labels"], &body["metrics"]["lines"]), (&json!(["Dutch", "Finnish"]), &json!(2)));

    let server = Server::start("06_train", &[]);
    let language = |input| server.predict(input).1["output"].clone();
    assert_eq!(language(json!({"text": "the high boat"})), "English");
    assert_eq!(language(json!({"text": "das starke Boot"})), "German");
    assert_eq!(language(json!({"text": "tuuli ja meri", "weights": body["output"]["weights"]})), "Finnish");
    assert_eq!(server.get("/")["trainings_url"], "/trainings");
    assert_eq!(server.get("/openapi.json")["components"]["schemas"]["TrainingInput"]["required"], json!(["texts"]));
}

#[test]
fn a_training_runs_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("texts.tsv"), "a\taaaa\nb\tbbbb\n").unwrap();
    let output = run("06_train", &["train", "-i", "texts=@texts.tsv", "-o", "trained.json"], folder.path());
    assert!(output.status.success(), "{output:?}");
    let trained: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("trained.json")).unwrap()).unwrap();
    assert_eq!(trained["labels"], json!(["a", "b"]));
    let help = said("06_train", &["train", "--help"]);
    assert!(help.contains("run_length: integer from 1 to 5, default 2"), "{help}");
    assert!(!said("02_hello", &["--help"]).contains("train"), "a model without a training does not offer one");
}
