//! Starts predictor binaries and talks to them.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of this")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

/// A file of `tests/pictures`.
pub fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(name)
}

/// A file as a data URI.
pub fn data_uri(path: &Path) -> String {
    format!("data:application/octet-stream;base64,{}", BASE64_STANDARD.encode(std::fs::read(path).unwrap()))
}

/// What a data URI holds, and its media type.
pub fn from_data_uri(uri: &str) -> (String, Vec<u8>) {
    let (header, data) = uri.split_once(',').unwrap();
    let kind = header.strip_prefix("data:").unwrap().strip_suffix(";base64").unwrap();
    (kind.to_owned(), BASE64_STANDARD.decode(data).unwrap())
}

/// The program of an example; `cargo test` builds it beside the tests.
pub fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(path.exists(), "{} is not built: run `cargo build --examples` first", path.display());
    path
}

/// Runs a program to its end.
pub fn run(name: &str, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program(name)).args(arguments).current_dir(folder).output().unwrap()
}

/// A store that takes files, or webhooks; tells the path and the content of each, and answers with `status`.
pub fn store(status: &'static str) -> (String, Receiver<(String, Vec<u8>)>) {
    store_with(status, |_| 0)
}

/// A store that answers each path after its time in milliseconds.
pub fn slow_store(delay: fn(&str) -> u64) -> (String, Receiver<(String, Vec<u8>)>) {
    store_with("200 OK", delay)
}

fn store_with(status: &'static str, delay: fn(&str) -> u64) -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, sender) = (stream.unwrap(), sender.clone());
            thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                let mut head = Vec::new();
                let mut line = String::new();
                while reader.read_line(&mut line).unwrap() > 2 {
                    head.push(std::mem::take(&mut line));
                }
                let length =
                    head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(|n| n.trim().parse().unwrap()));
                let mut content = vec![0; length.unwrap_or(0)];
                reader.read_exact(&mut content).unwrap();
                let path = head[0].split(' ').nth(1).unwrap().to_owned();
                thread::sleep(Duration::from_millis(delay(&path)));
                let answer = format!(
                    "HTTP/1.1 {status}\r\nLocation: http://files.test{path}?signature=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
                // The other side may be gone by now.
                let _ = reader.get_mut().write_all(answer.as_bytes());
                let _ = sender.send((path, content));
            });
        }
    });
    (format!("http://{address}/bucket"), receiver)
}

/// A predictor behind HTTP, stopped when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
    pub client: Client,
}

impl Server {
    /// Starts the example `name` and waits until it has left STARTING.
    pub fn start(name: &str, variables: &[(&str, &str)]) -> Self {
        Self::start_with(name, &[], variables)
    }

    /// Starts it with more flags of `serve`.
    pub fn start_with(name: &str, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let server = Self::begin(name, flags, variables);
        server.wait_while("STARTING");
        server
    }

    /// Starts it and waits until it answers at all.
    pub fn begin(name: &str, flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program(name))
            .args(["serve", "--host", "127.0.0.1", "--port", &port.to_string()])
            .args(flags)
            .env("COG_LOG_LEVEL", "error")
            .envs(variables.iter().copied())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self::attach(child, port)
    }

    /// Takes a server that was started by other means, and waits until it answers at all.
    pub fn attach(child: Child, port: u16) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        let server = Self { child, url: format!("http://127.0.0.1:{port}"), client };
        server.wait_while("");
        server
    }

    /// The exit code of a server that must end by itself.
    pub fn end(&mut self) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server is still running");
    }

    pub fn process_is_running(&self) -> bool {
        std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).is_ok_and(|stat| !stat.contains(") Z "))
    }

    /// Puts a prediction on its way and cancels it.
    pub fn put_and_cancel(&self, id: &str, input: Value) -> (u16, Value) {
        let waiting = {
            let (client, url) = (self.client.clone(), format!("{}/predictions/{id}", self.url));
            std::thread::spawn(move || answer(client.put(url).json(&json!({"input": input})).send().unwrap()))
        };
        // One that comes before its prediction is not known yet.
        let start = Instant::now();
        while self.client.post(format!("{}/predictions/{id}/cancel", self.url)).send().unwrap().status() == 404 {
            assert!(start.elapsed() < Duration::from_secs(20), "the prediction did not begin");
            std::thread::sleep(Duration::from_millis(2));
        }
        waiting.join().unwrap()
    }

    pub fn wait_while(&self, status: &str) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            let health = self.client.get(format!("{}/health-check", self.url)).send();
            if health.is_ok_and(|answer| answer.json::<Value>().unwrap()["status"] != status) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server stayed {status} for 20 s");
    }

    pub fn get(&self, path: &str) -> Value {
        self.client.get(format!("{}{path}", self.url)).send().unwrap().json().unwrap()
    }

    /// The status; the engine answers a prediction a moment before it stops being BUSY.
    pub fn health(&self) -> String {
        self.wait_while("BUSY");
        self.get("/health-check")["status"].as_str().unwrap().to_owned()
    }

    /// One prediction. The engine answers before its slot is free again, so "at capacity" is asked again.
    pub fn predict(&self, input: Value) -> (u16, Value) {
        self.request(&json!({"input": input}))
    }

    /// One request with more than an input.
    pub fn request(&self, body: &Value) -> (u16, Value) {
        for _ in 0..100 {
            let (status, body) = answer(self.client.post(format!("{}/predictions", self.url)).json(body).send().unwrap());
            if status != 409 {
                return (status, body);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server stayed at capacity");
    }

    /// The error text of a prediction that must fail.
    pub fn failure(&self, input: Value) -> String {
        let (status, body) = self.predict(input);
        assert_eq!((status, body["status"].as_str()), (200, Some("failed")), "{body}");
        body["error"].as_str().unwrap().to_owned()
    }
}

pub fn answer(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().unwrap_or(Value::Null))
}

/// The processes that have this parent; one that has ended but was not asked about does not count.
pub fn children_of(parent: u32) -> Vec<u32> {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let stat = std::fs::read_to_string(path.join("stat")).ok()?;
            let mut fields = stat.rsplit(") ").next()?.split(' ');
            let running = fields.next() != Some("Z") && fields.next() == Some(&parent.to_string());
            running.then(|| path.file_name()?.to_str()?.parse().ok()).flatten()
        })
        .collect()
}

/// Whether a process has ended, and nobody has asked how.
pub fn is_zombie(process: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
