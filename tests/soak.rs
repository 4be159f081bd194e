//! Thousands of predictions over four slots, a third of which go wrong: every answer right, no slot lost, no file left, memory and descriptors flat.
//!
//! 400 by default; for the long one, build its predictor and set the number:
//! `cargo build --example soak && COG_KIT_SOAK=50000 cargo test --test soak -- --nocapture`.

mod support;

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, answer, children_of, data_uri, from_data_uri, picture};

const SLOTS: usize = 4;

/// Memory may grow by this much over the last half.
const GROWTH: f64 = 1.10;

/// Descriptors that may be open more than before: connections come and go.
const MORE_DESCRIPTORS: usize = 16;

/// Below this many predictions an allocator is still warming up, and growth says nothing.
const ENOUGH: usize = 10_000;

/// How many ids each client uses, one after the other, again and again.
const IDS: usize = 20;

/// Longest time until a prediction finds a slot.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a prediction is to do, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Answers,
    Errs,
    ErrsAtLength,
    Panics,
    IsRefused,
    /// Has an id that names no folder.
    CannotBegin,
    /// Is canceled, once.
    IsCanceled,
    /// Its client goes away.
    IsLeft,
    /// The same, and it does not look whether it was canceled.
    IsLeftAndIgnoresIt,
}

impl Course {
    fn of(number: usize) -> Self {
        match number % 20 {
            1 if number % 400 == 1 => Self::ErrsAtLength,
            3 => Self::Panics,
            7 => Self::Errs,
            9 => Self::CannotBegin,
            11 => Self::IsCanceled,
            13 => Self::IsRefused,
            15 => Self::IsLeft,
            17 if number % 200 == 17 => Self::IsLeftAndIgnoresIt,
            _ => Self::Answers,
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Answers | Self::CannotBegin => "answer",
            Self::Errs => "error",
            Self::ErrsAtLength => "large error",
            Self::Panics => "panic",
            Self::IsRefused => "dance",
            Self::IsCanceled | Self::IsLeft => "wait",
            Self::IsLeftAndIgnoresIt => "ignore",
        }
    }
}

#[test]
fn memory_is_flat_and_every_answer_right() {
    let total: usize = std::env::var("COG_KIT_SOAK").map_or(400, |count| count.parse().unwrap());
    let files = tempfile::tempdir().unwrap();
    let temporary = files.path().to_str().unwrap();
    let mut server = Server::start("soak", &[("COG_MAX_CONCURRENCY", "4"), ("TMPDIR", temporary), ("RUST_LOG", "info,coglet=off")]);
    let processes: Vec<u32> = [server.child.id()].into_iter().chain(children_of(server.child.id())).collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    let use_by_tenth = thread::scope(|scope| {
        let asking = |client| {
            let (server, next, done) = (&server, &next, &done);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= total {
                        return;
                    }
                    ask(server, client, number);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let clients: Vec<_> = (0..SLOTS).map(asking).collect();
        let mut use_by_tenth = Vec::new();
        let mut tenth = 1;
        // A client whose answer was wrong has ended as well.
        while clients.iter().any(|client| !client.is_finished()) {
            if done.load(Ordering::Relaxed) * 10 >= total * tenth {
                use_by_tenth.push(used(&processes));
                tenth += 1;
            }
            assert!(server.process_is_running(), "the server ended");
            thread::sleep(Duration::from_millis(2));
        }
        use_by_tenth.push(used(&processes));
        use_by_tenth
    });
    println!("{total} predictions in {:.1} s, resident KiB and descriptors by tenth: {use_by_tenth:?}", start.elapsed().as_secs_f64());
    assert_all_slots_work(&server);
    if total >= ENOUGH {
        let ((memory, descriptors), (last_memory, last_descriptors)) = (use_by_tenth[4], use_by_tenth[use_by_tenth.len() - 1]);
        assert!(last_memory as f64 <= memory as f64 * GROWTH, "memory grew: {use_by_tenth:?}");
        assert!(last_descriptors <= descriptors + MORE_DESCRIPTORS, "descriptors grew: {use_by_tenth:?}");
    }
    assert!(std::process::Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap().success());
    assert_eq!(server.end(), Some(0));
    let ids = (0..SLOTS).flat_map(|client| (0..total).map(move |number| id(client, number)));
    let left: Vec<PathBuf> = ids.map(|id| Path::new("/tmp/coglet/predictions").join(id)).filter(|folder| folder.exists()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    let left: Vec<PathBuf> = fs::read_dir(files.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

/// An id that the client has used before, but for predictions that cannot begin.
fn id(client: usize, number: usize) -> String {
    match Course::of(number) {
        Course::CannotBegin => ["/proc/soak", "a\0b", &"a".repeat(300)][number / 20 % 3].to_owned(),
        _ => format!("soak-{}-{client}-{}", std::process::id(), number % IDS),
    }
}

fn ask(server: &Server, client: usize, number: usize) {
    let course = Course::of(number);
    let file = number.is_multiple_of(2).then(|| format!("data:text/plain,file%20{number}"));
    let image = image(number);
    let mut input = json!({"act": course.act(), "number": number});
    if let Some(file) = &file {
        input["file"] = json!(file);
    }
    if let Some((uri, _)) = &image {
        input["image"] = json!(uri);
    }
    let body = json!({"id": id(client, number), "input": input});
    if matches!(course, Course::IsLeft | Course::IsLeftAndIgnoresIt) {
        leave(server, number, &body);
        return;
    }
    let (status, body) = post(server, &body, course == Course::IsCanceled);
    let outcome = body["status"].as_str();
    match course {
        Course::Panics => assert!(body["error"].as_str().is_some_and(|error| error.ends_with(&format!("panic {number}"))), "{body}"),
        Course::Errs => assert_eq!(body["error"], format!("error {number}"), "{body}"),
        Course::ErrsAtLength => {
            let error = body["error"].as_str().unwrap();
            assert!(error.starts_with(&format!("error {number} xxx")) && error.ends_with(" bytes are shown]"), "{}", error.len());
        }
        Course::IsCanceled => assert_eq!((status, outcome), (200, Some("canceled")), "{body}"),
        Course::IsRefused => assert_eq!((status, &body["detail"][0]["loc"][2]), (422, &json!("act")), "{body}"),
        Course::CannotBegin => assert_eq!((status, outcome), (200, Some("failed")), "{body}"),
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
            expected.extend(image.map(|(_, size)| size.to_owned()));
            assert_eq!(contents, expected);
        }
    }
}

/// For some predictions an image, and the size that it has; the predictor can decode none if it was built without.
fn image(number: usize) -> Option<(String, &'static str)> {
    let (name, size) = match number % 16 {
        0 => ("disc_animated.avif", "48x32"),
        8 => ("photo.webp", "120x80"),
        _ => return None,
    };
    cfg!(feature = "image").then(|| (data_uri(&picture(name)), size))
}

/// The answer; a slot that is taken by a prediction whose client has left is asked for again. A cancel is sent once, as soon as the prediction is known.
fn post(server: &Server, body: &Value, cancel: bool) -> (u16, Value) {
    let start = Instant::now();
    loop {
        let (status, answered) = thread::scope(|scope| {
            let asked = scope.spawn(|| answer(server.client.post(format!("{}/predictions", server.url)).json(body).send().unwrap()));
            let url = format!("{}/predictions/{}/cancel", server.url, body["id"].as_str().unwrap());
            while cancel && !asked.is_finished() && server.client.post(&url).send().unwrap().status() == 404 {
                thread::sleep(Duration::from_micros(200));
            }
            asked.join().unwrap()
        });
        if status != 409 {
            return (status, answered);
        }
        assert!(start.elapsed() < PATIENCE, "no slot is free");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Asks, and goes away.
fn leave(server: &Server, number: usize, body: &Value) {
    let body = body.to_string();
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!("POST /predictions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).unwrap();
    thread::sleep(Duration::from_micros((number % 7 * 150) as u64));
}

/// As many predictions as there are slots can run at the same time.
fn assert_all_slots_work(server: &Server) {
    let start = Instant::now();
    let urls: Vec<String> = (0..SLOTS).map(|slot| format!("{}/predictions/last-{slot}", server.url)).collect();
    for url in &urls {
        let body = json!({"input": {"act": "wait", "number": 0}});
        while server.client.put(url).header("prefer", "respond-async").json(&body).send().unwrap().status() != 202 {
            assert!(start.elapsed() < PATIENCE, "a slot is lost");
            thread::sleep(Duration::from_millis(1));
        }
    }
    for url in &urls {
        assert_eq!(server.client.post(format!("{url}/cancel")).send().unwrap().status(), 200);
    }
    assert_eq!(server.health(), "READY");
}

/// Resident memory of processes in KiB, and how many descriptors they have open.
fn used(processes: &[u32]) -> (u64, usize) {
    let resident = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:").map(str::to_owned));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
    };
    let descriptors = |process: &u32| fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count);
    (processes.iter().map(resident).sum(), processes.iter().map(descriptors).sum())
}
