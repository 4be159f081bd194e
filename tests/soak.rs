//! Thousands of predictions over four slots, a fifth of which go wrong: every answer right, no file left, memory flat.
//!
//! 400 by default; for the long one, build its predictor and set the number:
//! `cargo build --example soak && COG_KIT_SOAK=20000 cargo test --test soak -- --nocapture`.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, answer, from_data_uri};

const SLOTS: usize = 4;

/// Memory may grow by this much from the first tenth to the last.
const GROWTH: f64 = 1.10;

/// Below this many predictions an allocator is still warming up, and growth says nothing.
const ENOUGH: usize = 10_000;

#[test]
fn memory_is_flat_and_every_answer_right() {
    let total: usize = std::env::var("COG_KIT_SOAK").map_or(400, |count| count.parse().unwrap());
    let files = tempfile::tempdir().unwrap();
    let temporary = files.path().to_str().unwrap();
    let mut server = Server::start("soak", &[("COG_MAX_CONCURRENCY", "4"), ("TMPDIR", temporary), ("RUST_LOG", "info,coglet=off")]);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    let memory = thread::scope(|scope| {
        for _ in 0..SLOTS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= total {
                        return;
                    }
                    ask(&server, number);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let mut memory = Vec::new();
        let mut tenth = 1;
        while done.load(Ordering::Relaxed) < total {
            if done.load(Ordering::Relaxed) * 10 >= total * tenth {
                memory.push(resident(server.child.id()));
                tenth += 1;
            }
            assert!(server.process_is_running(), "the server ended");
            thread::sleep(Duration::from_millis(2));
        }
        memory.push(resident(server.child.id()));
        memory
    });
    println!("{total} predictions in {:.1} s, resident KiB by tenth: {memory:?}", start.elapsed().as_secs_f64());
    if total >= ENOUGH {
        let (first, last) = (memory[0] as f64, memory[memory.len() - 1] as f64);
        assert!(last <= first * GROWTH, "memory grew: {memory:?}");
    }
    let folders = (0..total).map(|number| Path::new("/tmp/coglet/predictions").join(id(number)));
    assert!(std::process::Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap().success());
    assert_eq!(server.end(), Some(0));
    let left: Vec<PathBuf> = folders.filter(|folder| folder.exists()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    let left: Vec<PathBuf> = fs::read_dir(files.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

fn id(number: usize) -> String {
    format!("soak-{}-{number}", std::process::id())
}

/// One prediction; of 20, one panics, one fails, one is canceled, one is refused.
fn ask(server: &Server, number: usize) {
    let (act, file) = match number % 20 {
        3 => ("panic", None),
        7 => ("error", None),
        11 => ("wait", None),
        13 => ("dance", None),
        turn if turn % 2 == 0 => ("answer", Some(format!("data:text/plain,file%20{number}"))),
        _ => ("answer", None),
    };
    let mut input = json!({"act": act, "number": number});
    if let Some(file) = &file {
        input["file"] = json!(file);
    }
    let (status, body) = put(server, number, &input, act == "wait");
    let outcome = body["status"].as_str();
    match act {
        "panic" => assert!(body["error"].as_str().is_some_and(|error| error.ends_with(&format!("panic {number}"))), "{body}"),
        "error" => assert_eq!(body["error"], format!("error {number}"), "{body}"),
        "wait" => assert_eq!((status, outcome), (200, Some("canceled")), "{body}"),
        "dance" => assert_eq!((status, &body["detail"][0]["loc"][2]), (422, &json!("act")), "{body}"),
        _ => {
            assert_eq!((status, outcome), (200, Some("succeeded")), "{body}");
            assert_eq!(body["metrics"]["number"], number);
            assert!(body["logs"].as_str().unwrap().contains(&format!("={number}\n")), "{body}");
            let contents: Vec<String> = body["output"]
                .as_array()
                .unwrap()
                .iter()
                .map(|uri| String::from_utf8(from_data_uri(uri.as_str().unwrap()).1).unwrap())
                .collect();
            let mut expected = vec![number.to_string()];
            expected.extend(file.map(|_| format!("file {number}")));
            assert_eq!(contents, expected);
        }
    }
}

/// The answer; "at capacity" is asked again, for the engine answers before its slot is free.
fn put(server: &Server, number: usize, input: &Value, cancel: bool) -> (u16, Value) {
    let url = format!("{}/predictions/{}", server.url, id(number));
    loop {
        let (status, body) = thread::scope(|scope| {
            let asked = scope.spawn(|| answer(server.client.put(&url).json(&json!({"input": input})).send().unwrap()));
            while cancel && !asked.is_finished() {
                thread::sleep(Duration::from_millis(2));
                let _ = server.client.post(format!("{url}/cancel")).send();
            }
            asked.join().unwrap()
        });
        if status != 409 {
            return (status, body);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Resident memory of a process and its children, in KiB.
fn resident(parent: u32) -> u64 {
    let mut total = 0;
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(status) = fs::read_to_string(entry.path().join("status")) else { continue };
        let field = |name: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        };
        if field("Pid:") == Some(parent.into()) || field("PPid:") == Some(parent.into()) {
            total += field("VmRSS:").unwrap_or(0);
        }
    }
    total
}
